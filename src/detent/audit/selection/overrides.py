"""What is otherwise for some files or symbols: overrides of the settings, ready to be asked."""

from __future__ import annotations

import re
from fnmatch import translate

from detent import TYPE_CHECKING
from detent.core import globs
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detent.config import Override

#: What overrides can say of a code on a symbol; they may also say nothing.
IGNORED, SELECTED, DEMANDED = "ignored", "selected", "demanded"


class Local(NamedTuple):
    """An override with its expressions.

    Attributes
    ----------
    given : Override
        As set.
    names : tuple of re.Pattern
        Its `symbols`; each fits from any dot on.
    """

    given: Override
    names: tuple[re.Pattern[str], ...]

    @property
    def is_by_symbol(self) -> bool:
        """Whether it is not for all symbols of its files."""
        return bool(self.given.kinds or self.given.symbols)

    def fits_path(self, path: str) -> bool:
        """Say whether it is for a file.

        Parameters
        ----------
        path : str
            The file.

        Returns
        -------
        bool
            Whether it is.
        """
        return not self.given.paths or globs.fits(self.given.paths, path)

    def fits_symbol(self, role: str, name: str) -> bool:
        """Say whether it is for a symbol of its files.

        Parameters
        ----------
        role : str
            The symbol's role.
        name : str
            Its dotted name, beginning with the directories of the file.

        Returns
        -------
        bool
            Whether it is.
        """
        if self.given.kinds and role not in self.given.kinds:
            return False
        return not self.names or any(one.match(name) for one in self.names)

    def says(self, code: str) -> str | None:
        """Say what it does with a code.

        Parameters
        ----------
        code : str
            The code.

        Returns
        -------
        str or None
            `IGNORED`, `SELECTED` or `DEMANDED`: where it names the kinds, it means them; None
            where it is not about the code.
        """
        chosen, ignored = longest(code, self.given.select), longest(code, self.given.ignore)
        if chosen > ignored:
            return DEMANDED if self.given.kinds else SELECTED
        return IGNORED if ignored >= 0 else None


class Group:
    """The overrides that are for the same files.

    Parameters
    ----------
    members : sequence of Local
        In the order of the settings: the last one that says something decides.
    """

    def __init__(self, members: Sequence[Local]) -> None:
        self.is_by_symbol = any(one.is_by_symbol for one in members)
        self._members = tuple(reversed(members))
        self._known: dict[str, str | None] = {}

    def says(self, code: str, role: str, name: str) -> str | None:
        """Say what is done with a code on a symbol.

        Parameters
        ----------
        code : str
            The code.
        role, name : str
            The symbol's role and dotted name; looked at only by what is by symbol.

        Returns
        -------
        str or None
            As `Local.says`.
        """
        if self.is_by_symbol:
            return self._ask(code, role, name)
        if code not in self._known:
            self._known[code] = self._ask(code, role, name)
        return self._known[code]

    def _ask(self, code: str, role: str, name: str) -> str | None:
        for one in self._members:
            said = one.says(code)
            if said and one.fits_symbol(role, name):
                return said
        return None


def local(override: Override) -> Local:
    """Translate an override.

    Parameters
    ----------
    override : Override
        As set.

    Returns
    -------
    Local
        With an expression for each of its globs of names, in which ``*`` crosses dots; `fnmatch`
        writes them so that none can blow up.
    """
    names = [re.compile(rf"(?s:.*\.)?{translate(glob)}") for glob in override.symbols]
    return Local(override, tuple(names))


def longest(code: str, prefixes: Iterable[str]) -> int:
    """Find the longest beginning that fits a code.

    Parameters
    ----------
    code : str
        The code.
    prefixes : iterable of str
        Codes or their beginnings, or ``ALL``.

    Returns
    -------
    int
        Its length, counting ``ALL`` as 0; -1 where none fits.
    """
    fits = [
        0 if prefix == "ALL" else len(prefix)
        for prefix in prefixes
        if prefix == "ALL" or code.startswith(prefix)
    ]
    return max(fits, default=-1)
