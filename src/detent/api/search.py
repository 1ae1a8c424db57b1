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
from detent.index.text.passages import find_sources, rank_view
from detent.languages import LANGUAGES, may_be_script
from detent.query.text.lines import (
    add_context,
    decode_lines,
    find_lines,
    make_literal_finder,
    make_word_finder,
)
from detent.query.text.modes import CODE, MODES, PROSE, detect_format, list_modes
from detent.query.text.spans import hide_others, list_spans
from detent.store import MEMORY
from detent.store.text.store import TEXT
from detent.store.text.trigrams import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.views import View
    from detent.query.text.lines import FindNext, LineMatch
    from detent.store.text.ranking import RankedPassage

    Progress = Callable[[int, int], None]
    #: Finds the lines of files, of which there are so many.
    FindMatches = Callable[
        [Iterable[tuple[bytes, bytes]], int], Iterator[tuple[bytes, Iterable[LineMatch]]]
    ]

#: How a text is looked for.
LITERAL, WORD, REGEX, RANKED = "literal", "word", "regex", "ranked"
#: How many are given of ranked ones, if no other limit is wanted.
_RANKED_LIMIT = 20
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
    name : str
        If they are ranked: the definition, the heading or the names of the columns.
    commit, seconds, change : str, int and str
        In a history: the commit, when it was made (in seconds since 1970), and ``added`` or
        ``removed``.
    """

    path: bytes
    line: int
    column: int
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    name: str = ""
    commit: str = ""
    seconds: int = 0
    change: str = ""


class SearchResult(NamedTuple):
    """What was found in a view.

    Attributes
    ----------
    view, tree : str
        The view and the tree that it is taken from.
    different : int
        Number of files where the view differs from that tree.
    matches : list of TextMatch
        By path and line; ranked ones with the best first, those of a history with the newest.
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
        ``literal``, ``word`` for a literal with no letter, digit or underscore beside it,
        ``regex`` for a regular expression of Python that is applied to each line, or ``ranked``
        for words: definitions and paragraphs that fit them best.
    language : str, default ""
        Only files in this language.
    mode : str, default ""
        ``code``; ``prose`` for documents and the Markdown of notebooks; ``extracted-prose`` for
        comments and docstrings; ``records`` for tables, JSON Lines and logs. By default files of
        all kinds; if they are ranked, code and prose.
    context : int, default 0
        How many lines to give before and after each.
    limit : int, optional
        At most so many lines; by default all, and 20 if they are ranked.
    history : bool, default False
        Whether to list the commits that added or removed such lines: those of all branches and
        tags, or up to the revision that is searched, or those of a range such as ``v1.0..main``.
    """

    syntax: str = LITERAL
    language: str = ""
    mode: str = ""
    context: int = 0
    limit: int | None = None
    history: bool = False


def open_text_database(repo: Repo, index: Index) -> TextDatabase:
    """Open the text database beside an index; there is none beside one that is not kept."""
    return TextDatabase(MEMORY if index.path == MEMORY else locate_text_database(repo.common_dir))


class TextSearch:
    """Searches one view."""

    def __init__(
        self,
        view: View,
        database: TextDatabase,
        options: SearchOptions,
        *,
        named: Collection[bytes],
        progress: Progress | None = None,
    ) -> None:
        check_options(options)
        self.view = view
        self.database = database
        self.options = options
        self.named = named
        self._is_below = make_path_filter(view.repo, named)
        self.progress = progress
        self._left_out: dict[bytes, str] = {}
        self._failures: dict[bytes, str] = {}
        self._originals: dict[bytes, bytes] = {}  # files of which parts are hidden

    def find_lines(self, text: str) -> SearchResult:
        """Find the lines with a text."""
        find_matches, need = prepare_search(text, self.options)
        found = find_files(self.view, self.database, need, progress=self.progress)
        self._left_out.update(
            (path, LEFT_OUT_REASONS[state])
            for path, state in found.skipped.items()
            if self.is_chosen(path)
        )
        files = [file for file in found.files if self.is_chosen(file[0])]
        contents = read_files(self.view, files, found.changed)
        texts = self.select_texts((path, path, raw) for path, raw in contents)
        matches = (
            TextMatch(path, *self.restore_line(path, line))
            for path, lines in find_matches(texts, len(files))
            for line in lines
        )
        return self.make_result(matches, found.changed)

    def rank_passages(self, words: str, index: Index) -> SearchResult:
        """Find the definitions and paragraphs that fit some words best."""
        modes = (self.options.mode,) if self.options.mode else (CODE, PROSE)
        sources = find_sources(self.view, index, modes, progress=self.progress)
        ranked = self.database.require(
            lambda store: list(
                rank_view(store, sources, modes, words=words, progress=self.progress)
            )
        )
        language = self.options.language
        matches = (
            self._quote_passage(path, passage)
            for path, passage in ranked
            if self._is_below(path) and language in ("", passage.source.format)
        )
        return self.make_result(matches, sources.changed)

    def _quote_passage(self, path: bytes, passage: RankedPassage) -> TextMatch:
        entry = (path, passage.source.oid)
        ((_, raw),) = read_files(self.view, [entry], (path,))
        lines = decode_lines(raw or b"").split("\n")[: passage.line + self.options.context]
        text = lines[passage.line - 1] if passage.line <= len(lines) else ""
        column = len(text) - len(text.lstrip()) + 1
        after = tuple(lines[passage.line : passage.end_line]) if self.options.context else ()
        return TextMatch(path, passage.line, column, text, (), after, passage.name)

    def make_result(self, matches: Iterator[TextMatch], changed: Collection[bytes]) -> SearchResult:
        limit = self.options.limit
        if limit is None and self.options.syntax == RANKED:
            limit = _RANKED_LIMIT
        kept = list(matches if limit is None else islice(matches, limit + 1))
        return SearchResult(
            view=self.view.name,
            tree=self.view.tree,
            different=len(changed),
            matches=kept[:limit],
            is_complete=limit is None or len(kept) <= limit,
            left_out=dict(sorted(self._left_out.items())),
            failures=self._failures,
        )

    def is_chosen(self, path: bytes) -> bool:
        """Tell whether a file may be searched, before its content is known."""
        return (may_be_script(path) or self._has_form(detect_format(path))) and self._is_below(path)

    def _has_form(self, form: str) -> bool:
        language, mode = self.options.language, self.options.mode
        return language in ("", form) and (not mode or mode in list_modes(form))

    def select_texts(
        self, contents: Iterable[tuple[bytes, bytes, bytes | None]]
    ) -> Iterator[tuple[bytes, bytes]]:
        """Select the contents that are searched, each given with a key and a path."""
        for key, path, raw in contents:
            if raw is None:
                self._failures[path] = _ABSENT
            elif (state := classify_text(raw)) != TEXT:
                self._left_out[path] = LEFT_OUT_REASONS[state]
            elif self._has_form(form := detect_format(path, raw)):
                yield key, self._hide_others(key, raw, form)

    def _hide_others(self, key: bytes, raw: bytes, form: str) -> bytes:
        spans = list_spans(raw, form, self.options.mode)
        if spans is None:
            return raw
        self._originals[key] = raw
        return hide_others(raw, spans)

    def restore_line(self, key: bytes, line: LineMatch) -> LineMatch:
        """Show what is hidden in a line that matches."""
        if key not in self._originals:
            return line
        lines = decode_lines(self._originals[key]).split("\n")
        shown = line._replace(text=lines[line.line - 1])
        return next(add_context([shown], "\n".join(lines), self.options.context))


def check_options(options: SearchOptions) -> None:
    if options.language and options.language not in LANGUAGES:
        hint = suggest_spelling(options.language, LANGUAGES) or f"known: {', '.join(LANGUAGES)}"
        raise UsageError(f"--lang: unknown language {options.language!r}", hint)
    if options.mode and options.mode not in MODES:
        raise UsageError(f"--mode: unknown mode {options.mode!r}", f"known: {', '.join(MODES)}")


def prepare_search(text: str, options: SearchOptions) -> tuple[FindMatches, Need]:
    """Give what finds the matches in files, and what the files must have."""
    if not text or "\n" in text:
        raise UsageError("a search needs a text of one line", "such as: detent search 'import os'")
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
