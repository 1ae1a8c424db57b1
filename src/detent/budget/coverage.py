"""What files have of docstrings, counted: the one definition of coverage."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.matching import NOTES, Located
from detent.budget.metrics import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import Selection
    from detent.core.model import FileFacts, Symbol


def documented(path: str, facts: FileFacts, selection: Selection) -> Iterator[tuple[Symbol, bool]]:
    """Say of each symbol that needs a docstring whether it has one: what coverage means here.

    Parameters
    ----------
    path : str
        The file.
    facts : FileFacts
        Its facts.
    selection : Selection
        Says which symbols count.

    Yields
    ------
    (Symbol, bool)
        In document order; a class and its ``__init__`` need one docstring between them.
    """
    without = {one.symbol for one in facts.findings if one.code == "GL08"}
    for number, symbol in enumerate(facts.symbols):
        if selection.needs_docstring(symbol, path):
            yield symbol, number not in without


def tally(path: str, facts: FileFacts, selection: Selection) -> Tally:
    """Count what one file has of docstrings.

    Parameters
    ----------
    path : str
        The file.
    facts : FileFacts
        Its facts.
    selection : Selection
        Says which symbols and findings count.

    Returns
    -------
    Tally
        The counts.
    """
    needed = [has for _, has in documented(path, facts, selection)]
    counted = [one for one in facts.findings if one.code not in NOTES]
    issues = sum(selection.keeps(one, facts.symbols[one.symbol], path) for one in counted)
    return Tally(len(needed), needed.count(False), issues)


def undocumented(files: Iterable[tuple[bytes, FileFacts]], selection: Selection) -> list[Located]:
    """List the symbols that need a docstring and have none.

    Parameters
    ----------
    files : iterable of (bytes, FileFacts)
        Paths with their facts.
    selection : Selection
        Says which symbols count.

    Returns
    -------
    list of Located
        Each as the finding that it is, whether or not GL08 counts.
    """
    return [
        Located(path, facts.symbols[one.symbol], one)
        for path, facts in files
        for one in facts.findings
        if one.code == "GL08"
        and selection.needs_docstring(facts.symbols[one.symbol], path.decode("utf-8", "replace"))
    ]


def tallies(files: Iterable[tuple[bytes, FileFacts]], selection: Selection) -> dict[str, Tally]:
    """Count what each of some files has of docstrings.

    Parameters
    ----------
    files : iterable of (bytes, FileFacts)
        Paths with their facts.
    selection : Selection
        Says which symbols and findings count.

    Returns
    -------
    dict of str to Tally
        By path.
    """
    shown = ((path.decode("utf-8", "replace"), facts) for path, facts in files)
    return {path: tally(path, facts, selection) for path, facts in shown}
