"""The protocol of a language: the bytes of one file to its facts, without any other input."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import FileFacts
    from detent.core.references import FileReferences


class ParseStats(NamedTuple):
    """What the parser did.

    Attributes
    ----------
    parses : int
        How often it parsed: twice for an edited file that had to be analyzed in full after all.
    nodes : int
        Nodes of all syntax trees.
    errors : int
        Trees with a syntax error.
    """

    parses: int = 0
    nodes: int = 0
    errors: int = 0

    def add(self, other: ParseStats) -> ParseStats:
        """Add two counts.

        Parameters
        ----------
        other : ParseStats
            What is added.

        Returns
        -------
        ParseStats
            The sums.
        """
        return ParseStats(
            self.parses + other.parses, self.nodes + other.nodes, self.errors + other.errors
        )


class PreviousVersion(NamedTuple):
    """A file before an edit.

    Attributes
    ----------
    raw : bytes
        Its content.
    facts : FileFacts
        Its facts with all findings; as a store gives them, without the sources of docstrings.
    """

    raw: bytes
    facts: FileFacts


class Analysis(NamedTuple):
    """What the analysis of one file gives.

    Attributes
    ----------
    facts : FileFacts
        The structure of the file. The findings are those about the file itself (encoding, syntax);
        after an incremental analysis also the earlier ones of all symbols that did not change.
    stats : ParseStats
        What the parser did for it.
    changed : Mapping of int to int, or None
        After an incremental analysis: the symbols that have to be audited again, each with its
        index in the previous version, or -1 where that is unclear. None after a full analysis.
    """

    facts: FileFacts
    stats: ParseStats
    changed: Mapping[int, int] | None = None


class Language(Protocol):
    """A programming language that detent can index."""

    @property
    def name(self) -> str:
        """Its key in `detent.languages.LANGUAGES`, and in every stored key."""

    @property
    def suffixes(self) -> tuple[bytes, ...]:
        """How the names of its files end, with the dot."""

    @property
    def version(self) -> int:
        """Version of its structure.

        It is raised by one whenever the same bytes give other facts: stored facts of an older
        version are then computed again.
        """

    @property
    def references_version(self) -> int:
        """Version of its references, raised like `version`; 0 if it has none."""

    def extract_references(self, raw: bytes) -> FileReferences:
        """Collect the references of one file.

        Parameters
        ----------
        raw : bytes
            The content: any bytes whatever.

        Returns
        -------
        FileReferences
            They depend on nothing but `raw`.
        """

    def analyze(self, raw: bytes, previous: PreviousVersion | None = None) -> Analysis:
        """Collect the facts of one file.

        Parameters
        ----------
        raw : bytes
            The content: any bytes whatever.
        previous : PreviousVersion, optional
            The file before an edit. It only saves time: the facts are those of a full analysis. A
            language may ignore it.

        Returns
        -------
        Analysis
            The facts. They depend on nothing but `raw`.
        """
