"""Fixes of sentences: a capital letter and a period, where the text is certainly a sentence."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.fix.edits import Edit, find_offset, insert_text
from detent.audit.fix.fixer import FixCase, register_fix
from detent.audit.parse.sentences import begins_item_or_markup, is_technical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.parse.lines import DocstringLines

_WORD = re.compile(r"[^\W\d_]{2,}|a(?= )")
_AFTER_WORD = re.compile(
    r"$|(?: |[,;](?= |$))(?! *(?:[-=:+*/<>^|%~@&!]+(?: |$)|=|->))|['’-][^\W\d_]{1,}"
)
_DANGLING = frozenset(
    re.findall(
        r"\w+",
        """
    a also an and as at be but by for from if in is its of on or such than that the their
    to was were when where whether which while with without cf resp vs
    """,
    )
) | {"e.g", "i.e"}
# A line that begins like this continues the line above, which is then not a type.
_CONTINUATION = re.compile(
    r"(?:also|and|as|at|being|but|by|can|containing|from|has|have|in|is|are|may|must|of|on|or|should"
    r"|than|that|to|was|were|which|will|with)\b"
)
_MAX_HEAD_WORDS = 8
_CLOSERS = ")]}`\"'”’»"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"))
# Words to tools, with or without the sign of a comment.
_COMMENT = re.compile(
    r"(?:^|\s)#(?!\d)|-\*-|(?i:\b(?:noqa|nosec|nosonar|nolint)\b)"
    r"|\b(?:type|pragma|pylint|pyright|mypy|ruff|isort|fmt|yapf|flake8|codespell|doctest): ?\S"
)
_CODE = re.compile(r" \| |::(?:\s|$)|\S {3,}\S|\t\S")
_COMMAND = re.compile(
    r"\(|(?:\S+ )?\S+\.(?:py|pyx|sh|c|src|txt)\b|[\w.]+\(|usage\b|(?::[\w:+-]+:)?`[^`]*`$"
    r"|``[^`]*``$",
    re.IGNORECASE,
)
# Formulas, addresses, options, and placeholders.
_FORMULA = re.compile(
    r"[=\\^→←]|://|www\.|@|\s(?:[-+/<>]|\*\*?)\s|\w(?:\+|\*\*?)\w|\s--?\w"
    r"|\.(?:org|com|net|edu|gov|io|dev)\b|\w\.\w+/|\b(?:doi|arxiv|mailto|isbn|urn)[: ]"
    r"|%[(sdrfg]|\{\w*\}|\$[\w{]",
    re.IGNORECASE,
)
_LAST_LETTER = 0x530
_ROMAN = frozenset("ivxlcdm")
_SIGNATURE = re.compile(r"[\w., =]*[\w.]\(")


@register_fix("SS02")
def _capitalize_summary(case: FixCase) -> Iterator[Edit]:
    """Begin the summary with a capital letter."""
    (line, last), text = case.target.doc.summary, case.target.doc.text
    if _is_prose(text.bare[line:last]):
        yield from _capitalize_word(case, line, text.indents[line])


@register_fix("PR08", "RT04", "SA03")
def _capitalize_description(case: FixCase) -> Iterator[Edit]:
    """Begin a description with a capital letter."""
    text, (line, column) = case.target.doc.text, case.mark.place
    if not _is_type_continued(text, line) and not _CONTINUATION.match(text.lines[line], column):
        yield from _capitalize_word(case, line, column)


@register_fix("SS03")
def _end_summary(case: FixCase) -> Iterator[Edit]:
    """End the summary with a period, unless the next paragraph continues it."""
    text, (first, last) = case.target.doc.text, case.target.doc.summary
    widths = {text.indents[line] for line in range(max(first, 1), last)}
    if len(widths) < 2 and _is_prose(text.bare[first:last]) and not _is_continued_below(case):
        yield from _add_period(case, last - 1, text.bare[first:last])


@register_fix("SA02")
def _end_reference(case: FixCase) -> Iterator[Edit]:
    """End the description of a reference with a period."""
    text, (line, _) = case.target.doc.text, case.mark.place
    for reference in case.target.doc.references:
        description = reference.description
        if description and description.end == case.mark.place:
            paragraph = [description.first, *text.bare[description.line + 1 : line + 1]]
            yield from _add_period(case, line, paragraph)
            return


@register_fix("PR09", "RT05")
def _end_description(case: FixCase) -> Iterator[Edit]:
    """End a description with a period."""
    text, (line, column) = case.target.doc.text, case.mark.place
    if text.lines[line][column + 1 :].strip():
        return
    first = line
    while first and text.bare[first - 1] and text.indents[first - 1] >= text.indents[line]:
        first -= 1
    if set(text.indents[first:line]) - {text.indents[line]}:
        return
    if not _is_type_continued(text, first):
        yield from _add_period(case, line, text.bare[first : line + 1])


def _capitalize_word(case: FixCase, line: int, column: int) -> Iterator[Edit]:
    """Capitalize the first letter of a plain word."""
    text = case.target.doc.text
    content = text.lines[line]
    match = _WORD.match(content, column)
    if match is None or not _AFTER_WORD.match(content, match.end()):
        return
    word = match.group()
    capital = word[0].upper()
    if word != word.lower() or len(capital) != 1 or capital == word[0] or _is_code_name(case, word):
        return
    if not _is_list_or_markup(content[column:].strip()):
        start = find_offset(text, line, column)
        yield Edit(start, start + 1, capital)


def _is_continued_below(case: FixCase) -> bool:
    """Tell whether the paragraph below the summary is a part of it: a list, an example, its end."""
    doc = case.target.doc
    line, end = doc.extended_summary
    if line >= end:
        return False
    own = doc.text.indents[doc.summary[0]] if doc.summary[0] else len(case.margin)
    content = doc.text.bare[line]
    return content[0].islower() or _is_list_or_markup(content) or doc.text.indents[line] > own


def _is_prose(summary: list[str]) -> bool:
    """Tell whether a summary is more than a name or a call."""
    first = summary[0]
    return " " in first and not _SIGNATURE.match(first) and not _COMMAND.match(first)


def _is_code_name(case: FixCase, word: str) -> bool:
    """Tell whether a word may be a name in the code, which must not be capitalized."""
    if is_technical(word):
        return True
    return word in case.target.known_names or word in case.names or word in case.params


def _add_period(case: FixCase, line: int, paragraph: list[str]) -> Iterator[Edit]:
    """Put a period after a paragraph that is a sentence; `line` is its last line."""
    if _is_sentence(paragraph):
        text = case.target.doc.text
        end = find_offset(text, line, len(text.lines[line].rstrip()))
        yield insert_text(end, ".")


def _is_sentence(paragraph: list[str]) -> bool:
    """Tell whether a paragraph is a complete sentence of plain words."""
    text = " ".join(paragraph)
    last, words = text.rstrip(_CLOSERS)[-1:], text.split()
    if not last.isalnum() or ord(last) >= _LAST_LETTER or not _is_balanced(text):
        return False
    if _COMMAND.match(text) or any(map(_is_list_or_markup, paragraph)):
        return False
    if _FORMULA.search(" ".join(words[-3:])) or words[-1] in _DANGLING:
        return False
    return "," not in words[-1] if len(words) > 1 else _is_plain_word(text)


def _is_plain_word(text: str) -> bool:
    """Tell a word from a letter or a Roman numeral, which would begin a list with a period."""
    return text.isalpha() and len(text) > 1 and not _ROMAN.issuperset(text.lower())


def _is_balanced(text: str) -> bool:
    """Tell whether every bracket and quotation is closed."""
    if any(text.count(left) != text.count(right) for left, right in _PAIRS):
        return False
    return not text.count("`") % 2 and not text.count('"') % 2


def _is_list_or_markup(line: str) -> bool:
    """Tell whether a line is an item of a list, or not text at all."""
    return bool(begins_item_or_markup(line) or _CODE.search(line) or _COMMENT.search(line))


def _is_type_continued(text: DocstringLines, line: int) -> bool:
    """Tell whether a line continues the type in the line above, and is not a description."""
    above = text.bare[line - 1] if line else ""
    if not above or text.indents[line - 1] >= text.indents[line]:
        return False
    return (
        above[-1] in ",|({["
        or len(above.split()) > _MAX_HEAD_WORDS
        or above.rsplit(None, 1)[-1] in {"or", "and", "of"}
        or any(above.count(left) > above.count(right) for left, right in _PAIRS[:3])
    )
