"""What a fix may change: a proof by other programs than detent.

Two versions of a file are compared by ``ast``, and two versions of a docstring by ``doctest`` and
by docutils. What is allowed is what fixes are about: capital letters and periods, the names of
types, spaces around a colon, titles, and the order of sections.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import io
import re
import tokenize
import warnings
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from docutils import frontend, nodes, utils
from docutils.parsers import rst
from docutils.parsers.rst import Directive, directives, roles
from numpydoc.docscrape import NumpyDocString

from detent.audit.parse.sections import SECTION_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = {"integer": "int", "boolean": "bool", "string": "str"}
_TYPE = re.compile(r"\b(?:integer|boolean|string)\b", re.IGNORECASE)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_RULE = re.compile(r"([-=~^])\1*$")
_SECTIONS = {title.casefold() for title in SECTION_ORDER}
_INLINE = (nodes.Inline, nodes.Text)

Block = tuple[Any, ...]


class Literal(NamedTuple):
    """A docstring in a file, with its place in bytes of UTF-8."""

    start: int
    end: int
    text: str


class _AnyDirective(Directive):  # type: ignore[misc]
    """Keep a directive as it is written."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the text of the directive."""
        text = f".. {self.name}:: {self.arguments}\n" + "\n".join(self.content)
        return [nodes.literal_block(text, text)]


def compare_files(before: bytes, after: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the fixes of one file in Python, and the docstrings concerned."""
    if before == after:
        return
    old, new = _decode(before), _decode(after)
    if ast.dump(_strip(ast.parse(old))) != ast.dump(_strip(ast.parse(new))):
        yield "the code differs", "", ""
    was, now = list_literals(old), list_literals(new)
    if _cut(old, was) != _cut(new, now):
        yield "something outside of the docstrings differs", "", ""
    if len(was) != len(now):
        yield "the number of docstrings differs", "", ""
        return
    for one, other in zip(was, now, strict=True):
        if one.text != other.text:
            for problem in compare_docstrings(one.text, other.text):
                yield problem, one.text, other.text


def compare_stubs(before: bytes, after: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with entries that were added to the docstrings of one file."""
    old, new = _decode(before), _decode(after)
    was, now = list_literals(old), list_literals(new)
    if _cut(old, was) != _cut(new, now):
        yield "something outside of the docstrings differs", "", ""
    for one, other in zip(was, now, strict=True):
        if one.text != other.text:
            for problem in _compare_entries(one.text, other.text):
                yield problem, one.text, other.text


def _compare_entries(before: str, after: str) -> Iterator[str]:
    """Yield what differs besides new entries under Parameters, and entries for known names."""
    if _read_examples(before) != _read_examples(after):
        yield "the examples differ"
    old, new = ([line.rstrip() for line in text.split("\n")] for text in (before, after))
    kept = iter(new)
    if not all(line in kept for line in filter(None, old)):
        yield "a line is gone or moved"
    added = list((Counter(line.strip() for line in new) - Counter(map(str.strip, old))).elements())
    for line in filter(None, added):
        if line in ("Parameters", "-" * 10):
            continue
        name = re.escape(line.partition(" : ")[0].lstrip("*"))
        head = rf"(?m)^[ \t]*\W*(?:param\w* )?\W*{name}\b[\s*`'\"]*(?:[:=(]|-|$)"
        if not name.isidentifier() or re.search(head, _drop_results(before)):
            yield f"{line} was described, or is no entry"
    yield from _compare_sections(before, after)


def _compare_sections(before: str, after: str) -> Iterator[str]:
    """Yield the sections that numpydoc reads in another way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            old = NumpyDocString(inspect.cleandoc(before))
        except (ValueError, IndexError):
            return
        new = NumpyDocString(inspect.cleandoc(after))
    for title in old.sections:
        if title != "Parameters" and _list_words(old[title]) != _list_words(new[title]):
            yield f"the section {title} differs"
    entries = [entry for entry in new["Parameters"] if entry in old["Parameters"]]
    if entries != old["Parameters"]:
        yield "old entries differ"


def _list_words(section: object) -> list[str]:
    """List the words of a section, which numpydoc gives as a text or as lines."""
    lines = section if isinstance(section, list) else [section]
    return " ".join(map(str, lines)).split()


def _drop_results(docstring: str) -> str:
    """Drop the sections whose names are no parameters, and the lines of doctests."""
    docstring = re.sub(r"(?m)^[ \t]*(?:>>>|\.\.\.)(?: .*)?$", "", docstring)
    titles = "Returns|Yields|Attributes|Methods|See Also|Examples|Raises"
    parts = re.split(r"(?m)^(?=[ \t]*[A-Z][A-Za-z ]+\n[ \t]*[-=]{3})", docstring)
    return "".join([part for part in parts if not re.match(rf"\s*(?:{titles})\s", part)])


def compare_docstrings(before: str, after: str) -> list[str]:
    """List what two docstrings differ in besides the subjects of fixes."""
    problems = []
    if _read_examples(before) != _read_examples(after):
        problems.append("the examples differ")
    problems += [f"a line differs: {line!r}" for line in _list_strange_lines(before, after)]
    if not _have_same_blocks(before, after):
        problems.append("docutils reads another tree")
    return problems


def list_literals(source: str) -> list[Literal]:
    """List the docstrings of a file."""
    raw = source.encode()
    starts = [match.start() for match in _LINE.finditer(raw)]
    found = []
    for node in ast.walk(ast.parse(source)):
        literal = _find_docstring(node)
        if literal is not None:
            assert literal.end_lineno is not None
            assert literal.end_col_offset is not None
            start = starts[literal.lineno - 1] + literal.col_offset
            end = starts[literal.end_lineno - 1] + literal.end_col_offset
            found.append(Literal(start, end, str(literal.value)))
    return sorted(found)


@lru_cache(maxsize=64)
def read_blocks(docstring: str) -> list[Block]:
    """Read the blocks that docutils finds, each with the title of its section before it."""
    settings = frontend.get_default_settings(rst.Parser)
    settings.report_level, settings.halt_level = 5, 6
    settings.warning_stream = io.StringIO()
    settings.file_insertion_enabled = settings.raw_enabled = False
    document = utils.new_document("docstring", settings)
    with (
        mock.patch.object(directives, "directive", return_value=(_AnyDirective, [])),
        mock.patch.object(roles, "role", return_value=(_keep_role, [])),
    ):
        rst.Parser().parse(inspect.cleandoc(docstring), document)
    return list(_flatten(document, ""))


def _keep_role(name: str, rawtext: str, *_: object, **__: object) -> tuple[list[Any], list[Any]]:
    return [nodes.literal(rawtext, rawtext, classes=[name])], []


def _decode(raw: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    return raw.decode(encoding)


def _cut(source: str, literals: list[Literal]) -> bytes:
    """Take the docstrings out of a file."""
    raw, parts, at = source.encode(), [], 0
    for literal in literals:
        parts.append(raw[at : literal.start])
        at = literal.end
    return b"...".join([*parts, raw[at:]])


def _find_docstring(node: ast.AST) -> ast.Constant | None:
    body = getattr(node, "body", None)
    if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.value if isinstance(first.value.value, str) else None
    return None


def _strip(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        literal = _find_docstring(node)
        if literal is not None:
            literal.value = ""
    return tree


def _read_examples(docstring: str) -> list[tuple[object, ...]] | str:
    try:
        examples = doctest.DocTestParser().get_examples(docstring)
    except ValueError as error:
        return re.sub(r"line \d+", "line", str(error))
    return [
        (example.source, example.want, example.exc_msg, example.indent, example.options)
        for example in examples
    ]


def _flatten(node: nodes.Element, title: str) -> Iterator[Block]:
    for child in node.children:
        if isinstance(child, nodes.section):
            yield from _flatten(child, child[0].astext())
        elif not isinstance(child, (nodes.title, nodes.system_message)):
            yield (_fold(title), _read_node(child))


def _read_node(node: Any) -> Any:
    if isinstance(node, nodes.literal_block):
        return ("literal", node.astext())
    if isinstance(node, nodes.definition_list_item):
        heads = [child for child in node.children if not isinstance(child, nodes.definition)]
        head = " : ".join(" ".join(map(_mark_up, one.children)) for one in heads)
        return ("item", _blur(head), *map(_read_node, node.children[len(heads) :]))
    if not node.children or isinstance(node.children[0], _INLINE):
        return (node.tagname, _blur("".join(map(_mark_up, node.children)) or node.astext()))
    children = [one for one in node.children if not isinstance(one, nodes.system_message)]
    return (node.tagname, *map(_read_node, children))


def _mark_up(node: Any) -> str:
    if isinstance(node, nodes.Text):
        return str(node)
    return f"<{node.tagname}>{''.join(map(_mark_up, node.children)) or node.astext()}</>"


def _fold(text: str) -> str:
    """Take what fixes are about out of a text."""
    text = _TYPE.sub(lambda match: _TYPES[match.group().lower()], " ".join(text.split()))
    text = re.sub(r" ?: ?(\w?)", lambda match: f":{match[1].casefold()}", text)
    return (text[:1].casefold() + text[1:]).removesuffix(".")


def _blur(text: str) -> str:
    """Take capital letters and periods out of a text, whose lines docutils has joined."""
    return " ".join(word.casefold().removesuffix(".") for word in _fold(text).split())


def _have_same_blocks(before: str, after: str) -> bool:
    """Tell whether docutils finds the same blocks, or under changed titles the same words."""
    old, new = Counter(read_blocks(before)), Counter(read_blocks(after))
    if old == new:
        return True
    if _list_titles(before) == _list_titles(after):
        return False
    return _count_words(old - new) == _count_words(new - old)


def _list_titles(docstring: str) -> Counter[tuple[str, ...]]:
    """Count the titles, each with the lines around it."""
    lines = ["", *map(str.strip, docstring.split("\n")), ""]
    return Counter(
        (lines[at - 1] and "text", lines[at], lines[at + 1])
        for at in range(1, len(lines) - 1)
        if _is_rule(lines[at + 1]) and lines[at]
    )


def _count_words(blocks: Counter[Block]) -> Counter[str]:
    """Count the words of blocks without those of titles and their lines."""
    texts = [text for block in blocks.elements() for text in _list_texts(block[1])]
    words = re.findall(r"\w+", " ".join(texts))
    titles = set(" ".join(_SECTIONS).split()) | {"args", "arguments", "example", "return"}
    return Counter(word for word in words if word not in titles)


def _list_texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield _blur(node)
        return
    for child in node[1:]:
        yield from _list_texts(child)


def _list_strange_lines(before: str, after: str) -> list[str]:
    """List the lines that only one side has, and that no fix explains."""
    was, now = (
        Counter(_fold(line) for line in text.split("\n") if line.strip() and not _is_rule(line))
        for text in (before, after)
    )
    lost, new = list((was - now).elements()), list((now - was).elements())
    titles = [line for line in new if line.casefold() in _SECTIONS]
    # A title that was not one of the format's has gone for each new one.
    if len(lost) == len(titles) and all(len(line) < 25 for line in lost):
        lost = []
    return [*lost, *(line for line in new if line not in titles)]


def _is_rule(line: str) -> bool:
    return _RULE.match(line.strip()) is not None
