"""Questions about the symbols of a repository and their relations."""

from __future__ import annotations

from functools import cached_property

from detent import TYPE_CHECKING
from detent.api.access import RepositoryAccess
from detent.index.views import STAGED, WORKTREE, View

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from detent.api.access import Path, Result
    from detent.api.call_graph import GraphRequest
    from detent.api.context import CodeContext
    from detent.api.differences import SymbolDiff
    from detent.api.graph_questions import ClusterList, CycleList, HotspotList
    from detent.api.impact import Impact
    from detent.api.relations import EdgeList, ReferenceList, RelationFinder
    from detent.api.search import SearchOptions, SearchResult
    from detent.api.sql import QueryAnswer
    from detent.api.stats import IndexStats
    from detent.api.symbol_history import SymbolHistory
    from detent.api.symbols import SymbolList
    from detent.git import Repo
    from detent.index.text.database import TextDatabase


class Questions(RepositoryAccess):
    """What can be asked about symbols; `detent.api.Repository` has these methods."""

    # ---- symbols

    def symbols(
        self,
        name: str = "",
        *,
        at: str = WORKTREE,
        paths: Sequence[Path] = (),
        public: bool = False,
        counts: bool = False,
    ) -> SymbolList:
        """List symbols by name, or all symbols of files.

        What is missing in the index is analysed; it is written only if that is much.

        Parameters
        ----------
        name : str, optional
            A name, the end of a dotted name, or a pattern of ``*`` and ``?``, such as ``fit``,
            ``Model.fit`` or ``*_fit``. By default all symbols.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        paths : sequence of str or path-like, optional
            Only what is in these files and directories.
        public : bool, default False
            Whether to leave out what is private.
        counts : bool, default False
            Whether to count what calls each symbol, and what it calls.

        Returns
        -------
        SymbolList
            The symbols, by path and line.
        """
        from detent.api.symbols import list_symbols

        def find(repo: Repo) -> SymbolList:
            view, progress = View(repo, at), self._make_progress("indexing")
            named = self._find_paths(view, paths)
            return list_symbols(self._index, view, name=name, named=named, progress=progress)

        found = self._run(find)
        found = found.keep_public() if public else found
        if not counts:
            return found
        from detent.api.symbol_counts import add_call_counts

        report = self._make_progress("analysing")
        return self._run(
            lambda repo: add_call_counts(self._index, View(repo, at), found, progress=report)
        )

    # ---- text

    def search(
        self,
        text: str,
        *,
        at: str = WORKTREE,
        paths: Sequence[Path] = (),
        options: SearchOptions | None = None,
    ) -> SearchResult:
        """Find the lines with some text, in files of all kinds.

        The text of a tree is indexed when it is searched first.

        Parameters
        ----------
        text : str
            What to find, in one line; words if they are ranked.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision; for a history also a range of them.
        paths : sequence of str or path-like, optional
            Only what is in these files and directories.
        options : SearchOptions, optional
            How it is looked for; by default as it is written.

        Returns
        -------
        SearchResult
            The lines, by path and number.

        Raises
        ------
        UsageError
            If there is nothing to look for.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     found = repository.search("def more", at="HEAD")
        >>> [f"{match.path.decode()}:{match.line}:{match.text}" for match in found.matches]
        ['more.py:3:def more():']
        """
        from detent.api.search import RANKED, SearchOptions, TextSearch
        from detent.api.search_history import search_history

        progress, chosen = self._make_progress("indexing"), options or SearchOptions()

        def find(repo: Repo) -> SearchResult:
            # A history may be that of a range, which is no view.
            view = View(repo, "HEAD" if chosen.history else at)
            named = self._find_paths(view, paths)
            database = self._text_database
            search = TextSearch(view, database, chosen, named=named, progress=progress)
            if chosen.history:
                return search_history(search, text, "" if at == WORKTREE else at)
            if chosen.syntax == RANKED:
                return search.rank_passages(text, self._index)
            return search.find_lines(text)

        found = self._run(find)
        self._add_notes(self._text_database.notes)
        return found

    @cached_property
    def _text_database(self) -> TextDatabase:
        from detent.api.search import open_text_database

        database = open_text_database(self._repo, self._index)
        self._resources.callback(database.close)
        return database

    def diff_symbols(
        self,
        base: str,
        *,
        at: str = WORKTREE,
        public: bool = False,
        callers: bool = False,
        paths: Sequence[Path] = (),
    ) -> SymbolDiff:
        """Compare the symbols of two states.

        Parameters
        ----------
        base : str
            The old state: a revision.
        at : str, default "worktree"
            The new state: ``staged``, ``worktree`` or a revision.
        public : bool, default False
            Whether to compare only what users of the packages see: public names, as modules,
            imports in packages and ``__all__`` give them. Files that the settings do not audit,
            such as tests, are left out.
        callers : bool, default False
            Whether to find the calls that break, without `public`.
        paths : sequence of str or path-like, optional
            Only what is in these files and directories.

        Returns
        -------
        SymbolDiff
            The symbols that differ: first those that are gone, last those that are new.
        """
        from detent.api.differences import DiffRequest, diff_public_names, diff_symbols

        request, progress = DiffRequest(base, at, paths, self._directory, callers), self._indexing
        if public:
            return self._ask(lambda x: diff_public_names(x, request, progress=progress))
        return self._run(lambda x: diff_symbols(self._index, x, request, progress=progress))

    def trace_symbol(
        self, name: str, *, at: str = WORKTREE, since: str = "", limit: int | None = None
    ) -> SymbolHistory:
        """Find the commits that changed a symbol, through renames and moves.

        Parameters
        ----------
        name : str
            As `symbols` takes it; it must mean one symbol of Python or Cython.
        at : str, default "worktree"
            Where the symbol is looked for, and from where on: a revision, or HEAD for ``staged``
            and ``worktree``.
        since : str, optional
            Only commits since this date, as git takes it.
        limit : int, optional
            At most so many commits.

        Returns
        -------
        SymbolHistory
            The commits, the newest first.

        Raises
        ------
        UsageError
            If several symbols have the name.
        """
        from detent.api.symbol_history import HistoryRequest, trace_symbol

        request, progress = HistoryRequest(name, since, limit), self._indexing

        def trace(repo: Repo) -> SymbolHistory:
            return trace_symbol(self._index, View(repo, at), request, progress=progress)

        return self._run(trace)

    def query(self, query: str, *, at: str = WORKTREE, paths: Sequence[Path] = ()) -> QueryAnswer:
        """Ask a question in SQL about the files of a view.

        Parameters
        ----------
        query : str
            One SELECT on the views that docs/budgets.md lists, in the dialect of SQLite.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        paths : sequence of str or path-like, optional
            Only these files and directories.

        Returns
        -------
        QueryAnswer
            The columns and the rows.

        Raises
        ------
        MeasurementError
            If the query fails, reads anything else, or takes too much.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     answer = repository.query("select path, lines from file where path = 'more.py'")
        >>> answer.columns
        ['path', 'lines']
        """
        from detent.api.sql import run_query

        def answer(repo: Repo) -> QueryAnswer:
            view, progress = View(repo, at), self._make_progress("indexing")
            named = self._find_paths(view, paths)
            return run_query(self._index, view, query, named=named, progress=progress)

        return self._run(answer)

    def find_context(
        self, query: str, *, at: str = WORKTREE, budget: int = 2000, paths: Sequence[Path] = ()
    ) -> CodeContext:
        """Find the symbols that fit a question best, and those near them.

        Parameters
        ----------
        query : str
            Words, such as a sentence. They are looked for in names, signatures and first sentences
            of docstrings.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        budget : int, default 2000
            How many tokens the symbols may take, each of four characters.
        paths : sequence of str or path-like, optional
            Only what is in these files and directories.

        Returns
        -------
        CodeContext
            The symbols, the best ones first, and the next ones, which found no place.
        """
        from detent.api.context import ContextRequest, find_context

        def find(repo: Repo) -> CodeContext:
            view, progress = View(repo, at), self._make_progress("indexing")
            request = ContextRequest(query, budget, self._find_paths(view, paths))
            return find_context(self._index, view, request, progress=progress)

        return self._run(find)

    def count_facts(self, *, at: str = WORKTREE) -> IndexStats:
        """Count what is in a view, and what the index knows of it.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.

        Returns
        -------
        IndexStats
            Files, symbols, facts and records, and the size of the index.
        """
        from detent.api.stats import count_facts

        progress = self._indexing
        return self._run(lambda x: count_facts(self._index, View(x, at), progress=progress))

    # ---- relations

    def find_calls(
        self, name: str, *, at: str = WORKTREE, incoming: bool = False, least: str = "inferred",
        paths: Sequence[Path] = (),
    ) -> EdgeList:  # fmt: skip
        """Find the calls that a definition makes, or those of it.

        References that the index lacks are derived, and kept there if it can be written.

        Parameters
        ----------
        name : str
            As `symbols` takes it.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        incoming : bool, default False
            Whether to find the calls of the definition instead of those that it makes.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only callers (if incoming) or what is called in these files and directories.

        Returns
        -------
        EdgeList
            The calls, by path and place.

        Examples
        --------
        >>> with detent.open("pkg") as repository:
        ...     repository.find_calls("more").edges
        []
        """
        return self._relate(at, paths, lambda x: x.list_calls(name, incoming=incoming, least=least))

    def find_references(
        self, name: str, *, at: str = WORKTREE, least: str = "inferred", paths: Sequence[Path] = ()
    ) -> ReferenceList:
        """Find the places that refer to a definition.

        Parameters
        ----------
        name : str
            As `symbols` takes it.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        least : str, default "inferred"
            How sure a reference must be at least: ``exact``, ``inferred`` or ``name-only`` (the
            name of an attribute whose owner is not known).
        paths : sequence of str or path-like, optional
            Only places in these files and directories.

        Returns
        -------
        ReferenceList
            The places, by path.
        """
        return self._relate(at, paths, lambda x: x.list_references(name, least=least))

    def list_edges(
        self, *, at: str = WORKTREE, least: str = "inferred", paths: Sequence[Path] = ()
    ) -> EdgeList:
        """List all calls of a view.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only calls from these files and directories.

        Returns
        -------
        EdgeList
            The calls, by path and place.
        """
        from detent.api.call_graph import list_edges

        return self._ask_graph(at, paths, least, work=lambda x: list_edges(self._index, x))

    # ---- the whole graph of calls

    def find_impact(
        self, name: str, *, at: str = WORKTREE, most_hops: int | None = None,
        least: str = "inferred", paths: Sequence[Path] = (),
    ) -> Impact:  # fmt: skip
        """Find what a change of some code may affect: all that calls it, directly or not.

        The first question about the whole graph of a view finds all its calls, which takes a while,
        and keeps them beside the index.

        Parameters
        ----------
        name : str
            A name, as `symbols` takes it, or a file from the root of the work tree.
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        most_hops : int, optional
            At most so many calls between the two.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only code in these files and directories.

        Returns
        -------
        Impact
            The code that reaches it, the nearest first, with the tests among it.
        """
        from detent.api.impact import find_impact

        def ask(request: GraphRequest) -> Impact:
            return find_impact(self._index, name, request._replace(most_hops=most_hops))

        return self._ask_graph(at, paths, least, work=ask)

    def find_change_impact(
        self, *, at: str = STAGED, base: str = "HEAD", most_hops: int | None = None,
        least: str = "inferred", paths: Sequence[Path] = (),
    ) -> Impact:  # fmt: skip
        """Find what a change may affect: all that called, before it, what it changes or removes.

        Parameters
        ----------
        at : str, default "staged"
            What has the change: ``staged``, ``worktree`` or a revision.
        base : str, default "HEAD"
            The revision that it is compared with.
        most_hops : int, optional
            At most so many calls between the two.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only code in these files and directories.

        Returns
        -------
        Impact
            The code that reaches it, the nearest first, with the tests among it.
        """
        from detent.api.impact import find_change_impact

        changes = self.diff_symbols(base, at=at).changes

        def ask(request: GraphRequest) -> Impact:
            return find_change_impact(self._index, changes, request._replace(most_hops=most_hops))

        return self._ask_graph(base, paths, least, work=ask)

    def list_cycles(
        self,
        *,
        at: str = WORKTREE,
        imports: bool = False,
        least: str = "inferred",
        paths: Sequence[Path] = (),
    ) -> CycleList:
        """List the groups of code that reach each other by calls, or of modules by imports.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        imports : bool, default False
            Whether to look at imports outside of functions instead of calls.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only cycles with code in these files and directories.

        Returns
        -------
        CycleList
            The groups, by path and name.
        """
        from detent.api.graph_questions import list_call_cycles, list_import_cycles

        list_them = list_import_cycles if imports else list_call_cycles
        return self._ask_graph(at, paths, least, work=lambda x: list_them(self._index, x))

    def rank_hotspots(
        self, *, at: str = WORKTREE, least: str = "inferred", paths: Sequence[Path] = ()
    ) -> HotspotList:
        """Rank functions: those that are complex, called by much code, and changed often.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only functions in these files and directories.

        Returns
        -------
        HotspotList
            The functions and methods, the highest score first.
        """
        from detent.api.graph_questions import rank_hotspots

        return self._ask_graph(at, paths, least, work=lambda x: rank_hotspots(self._index, x))

    def find_clusters(
        self, *, at: str = WORKTREE, least: str = "inferred", paths: Sequence[Path] = ()
    ) -> ClusterList:
        """Divide the code into communities, with many calls inside and few between them.

        Parameters
        ----------
        at : str, default "worktree"
            ``staged``, ``worktree`` or a revision.
        least : str, default "inferred"
            How sure a call must be at least: ``exact`` or ``inferred``.
        paths : sequence of str or path-like, optional
            Only code in these files and directories.

        Returns
        -------
        ClusterList
            The communities, the largest first.
        """
        from detent.api.graph_questions import find_clusters

        return self._ask_graph(at, paths, least, work=lambda x: find_clusters(self._index, x))

    def _ask_graph(
        self, at: str, paths: Sequence[Path], least: str, *, work: Callable[[GraphRequest], Result]
    ) -> Result:  # fmt: skip
        """Answer a question about the graph of calls of a view."""
        from detent.api.call_graph import GraphRequest

        def answer(repo: Repo) -> Result:
            view = View(repo, at)
            named = self._find_paths(view, paths)
            return work(GraphRequest(view, named, least, self._make_progress("analysing")))

        return self._run(answer)

    def _relate(
        self, at: str, paths: Sequence[Path], find: Callable[[RelationFinder], Result]
    ) -> Result:
        from detent.api.relations import RelationFinder

        progress = self._make_progress("analysing")

        def answer(repo: Repo) -> Result:
            view = View(repo, at)
            named = self._find_paths(view, paths)
            return find(RelationFinder(self._index, view, named, progress=progress))

        return self._run(answer)
