"""Lines of a view in which a text is found."""

from __future__ import annotations

from itertools import islice

from detent import TYPE_CHECKING
from detent.api.paths import make_path_filter
from detent.config.values import suggest_spelling
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.index.text.coverage import LEFT_OUT_REASONS, classify_text
from detent.index.text.database import TextDatabase, locate_text_database
from detent.index.text.files import find_files, read_files
from detent.languages import LANGUAGES, detect_language, detect_script, may_be_script
from detent.query.text.lines import (
    add_context,
    decode_lines,
    find_lines,
    make_literal_finder,
    make_word_finder,
)
from detent.store import MEMORY
from detent.store.text.store import TEXT
from detent.store.text.trigrams import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.views import View
    from detent.query.text.lines import FindNext, LineMatch

    Progress = Callable[[int, int], None]
    #: Finds the lines of files, of which there are so many.
    FindMatches = Callable[
        [Iterable[tuple[bytes, bytes]], int], Iterator[tuple[bytes, Iterable[LineMatch]]]
    ]

#: How a text is looked for.
LITERAL, WORD, REGEX = "literal", "word", "regex"
_ABSENT = "its content is not in this clone: `git fetch --refetch --no-filter` brings it"


class TextMatch(NamedTuple):
    """A line in which something is found.

    Attributes
    ----------
    path : bytes
        From the root of the work tree.
    line, column : int
        Where it is found first in that line, from 1; columns count characters.
    text : str
        The line without its newline. Bytes that are not UTF-8 are lone surrogates.
    before, after : tuple of str
        The lines around it, if they are wanted.
    """

    path: bytes
    line: int
    column: int
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class SearchResult(NamedTuple):
    """What was found in a view.

    Attributes
    ----------
    view, tree : str
        The view and the tree that it is taken from.
    different : int
        Number of files where the view differs from that tree.
    matches : list of TextMatch
        By path and line.
    is_complete : bool
        Whether there are no more.
    left_out : dict
        The paths of binary and of very large files, which are not searched, with the reason.
    failures : dict
        The paths of files that could not be read, with the reason.
    """

    view: str
    tree: str
    different: int
    matches: list[TextMatch]
    is_complete: bool
    left_out: dict[bytes, str]
    failures: dict[bytes, str]


class SearchOptions(NamedTuple):
    """How a text is looked for, and which files are searched.

    Attributes
    ----------
    syntax : str, default "literal"
        ``literal``, ``word`` for a literal with no letter, digit or underscore beside it, or
        ``regex`` for a regular expression of Python that is applied to each line.
    language : str, default ""
        Only files in this language.
    context : int, default 0
        How many lines to give before and after each.
    limit : int, optional
        At most so many lines; by default all.
    """

    syntax: str = LITERAL
    language: str = ""
    context: int = 0
    limit: int | None = None


def open_text_database(repo: Repo, index: Index) -> TextDatabase:
    """Open the text database beside an index; there is none beside one that is not kept."""
    return TextDatabase(MEMORY if index.path == MEMORY else locate_text_database(repo.common_dir))


class TextSearch:
    """Searches one view."""

    def __init__(
        self,
        view: View,
        database: TextDatabase,
        named: list[bytes],
        *,
        progress: Progress | None = None,
    ) -> None:
        self._view = view
        self._database = database
        self._named = named
        self._progress = progress
        self._left_out: dict[bytes, str] = {}
        self._failures: dict[bytes, str] = {}

    def find_text(self, text: str, options: SearchOptions) -> SearchResult:
        """Find the lines with a text."""
        find_matches, need = _prepare_search(text, options)
        is_chosen = self._choose_files(options.language)
        found = find_files(self._view, self._database, need, progress=self._progress)
        self._note_left_out(found.skipped, is_chosen)
        files = [file for file in found.files if is_chosen(file[0])]
        texts = self._select_texts(read_files(self._view, files, found.changed), options.language)
        matches = (
            TextMatch(path, *line)
            for path, lines in find_matches(texts, len(files))
            for line in lines
        )
        kept = list(matches if options.limit is None else islice(matches, options.limit + 1))
        return SearchResult(
            view=self._view.name,
            tree=self._view.tree,
            different=len(found.changed),
            matches=kept[: options.limit],
            is_complete=options.limit is None or len(kept) <= options.limit,
            left_out=dict(sorted(self._left_out.items())),
            failures=self._failures,
        )

    def _choose_files(self, language: str) -> Callable[[bytes], bool]:
        is_below = make_path_filter(self._view.repo, self._named)
        if not language:
            return is_below
        return lambda path: (
            (may_be_script(path) or detect_language(path) == language) and is_below(path)
        )

    def _note_left_out(
        self, skipped: Mapping[bytes, int], is_chosen: Callable[[bytes], bool]
    ) -> None:
        self._left_out.update(
            (path, LEFT_OUT_REASONS[state]) for path, state in skipped.items() if is_chosen(path)
        )

    def _select_texts(
        self, contents: Iterator[tuple[bytes, bytes | None]], language: str
    ) -> Iterator[tuple[bytes, bytes]]:
        """Select the contents that are searched; note the others."""
        for path, raw in contents:
            if raw is None:
                self._failures[path] = _ABSENT
            elif (state := classify_text(raw)) != TEXT:
                self._left_out[path] = LEFT_OUT_REASONS[state]
            elif not language or (detect_language(path) or detect_script(raw)) == language:
                yield path, raw


def _prepare_search(text: str, options: SearchOptions) -> tuple[FindMatches, Need]:
    """Give what finds the matches in files, and what the files must have."""
    if not text or "\n" in text:
        raise UsageError("a search needs a text of one line", "such as: detent search 'import os'")
    if options.language and options.language not in LANGUAGES:
        hint = suggest_spelling(options.language, LANGUAGES) or f"known: {', '.join(LANGUAGES)}"
        raise UsageError(f"--lang: unknown language {options.language!r}", hint)
    if options.syntax == REGEX:
        return _prepare_expression(text, options.context)
    need = Need(text.encode("utf-8", "surrogateescape"))
    find_next = (make_word_finder if options.syntax == WORD else make_literal_finder)(text)
    return lambda files, _count: _find_here(files, find_next, options.context), need


def _prepare_expression(expression: str, context: int) -> tuple[FindMatches, Need]:
    from detent.index.executors.search_pool import SearchPool

    pool = SearchPool(expression, context)
    return pool.run, pool.need


def _find_here(
    files: Iterable[tuple[bytes, bytes]], find_next: FindNext, context: int
) -> Iterator[tuple[bytes, Iterable[LineMatch]]]:
    """Find matches in this process: no text takes long."""
    for path, raw in files:
        text = decode_lines(raw)
        yield path, add_context(find_lines(text, find_next), text, context)
