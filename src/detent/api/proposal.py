"""Propose settings that fit the style of the code, with what each choice costs."""

from __future__ import annotations

import os
import re
from collections import defaultdict

from detent import TYPE_CHECKING
from detent.api.view import load_audited_files
from detent.audit import matching
from detent.audit.codes import FIXABLE, INHERITED
from detent.audit.rules import RULES
from detent.audit.selection.select import DEFAULT_MISSING
from detent.budget.coverage import count_coverage
from detent.core import files
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple
from detent.index.refresh import refresh_view
from detent.report.text import format_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from detent.config import Config
    from detent.core.model import FileFacts, FindingRow
    from detent.core.results import DocstringCounts
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import View

    Files = list[tuple[bytes, FileFacts]]

# "Most docstrings" is at least this share of the docstrings that a rule could be about,
_BROKEN_SHARE = 0.5
# and no fewer than this: of less code, nothing can be said.
_LEAST = 5
# A first look with fewer findings than these proposes no settings.
_MANY = 20
# A kind of symbol needs no docstring if no more than this share of its symbols has one.
_DOCUMENTED_SHARE = 0.1
#: Rules about which the style of docstrings says nothing: missing docstrings, and files as such.
_NO_STYLE = ("GL08", "DT8", "DT9", *INHERITED)


class RuleCost(NamedTuple):
    """How often the code breaks a rule.

    Attributes
    ----------
    code : str
        The rule.
    title : str
        What it finds, in a few words.
    findings : int
        Number of its findings.
    docstrings : int
        Number of docstrings that have one.
    possible : int
        Number of docstrings that have a section which the rule is about.
    """

    code: str
    title: str
    findings: int
    docstrings: int
    possible: int

    @property
    def is_fixable(self) -> bool:
        """Whether ``detent audit --fix`` can fix it."""
        return self.code in FIXABLE

    @property
    def is_broken_everywhere(self) -> bool:
        """Whether most docstrings break the rule that could."""
        is_about_style = not self.code.startswith(_NO_STYLE)
        share = self.docstrings / max(1, self.possible)
        return is_about_style and self.docstrings >= _LEAST and share >= _BROKEN_SHARE


class SettingsProposal(NamedTuple):
    """Settings that fit the code.

    Attributes
    ----------
    files, docstrings : int
        Number of files and of docstrings that were looked at.
    findings : int
        Number of findings with the settings as they are.
    ignored : list of RuleCost
        Rules that most docstrings break, to be ignored.
    fixed : list of RuleCost
        Rules that most docstrings break, and that ``detent audit --fix`` fixes.
    kept : list of RuleCost
        The other rules with findings.
    undocumented : dict of str to DocstringCounts
        Kinds of symbols of which nearly none has a docstring, to be left out of ``missing``.
    source : str
        The settings that there are already; empty if there are none.
    """

    files: int
    docstrings: int
    findings: int
    ignored: list[RuleCost]
    fixed: list[RuleCost]
    kept: list[RuleCost]
    undocumented: dict[str, DocstringCounts]
    source: str


def propose_settings(
    project: Project, view: View, progress: Progress | None = None
) -> SettingsProposal:
    """Count what breaks each rule, and how much could."""
    refresh_view(project.index, view, progress=progress)
    audited = load_audited_files(project, view)[0]
    findings = matching.locate_findings(audited, project.selection)
    texts = _list_docstrings(audited)
    costs = _count_costs(findings, texts)
    groups = count_coverage(audited, project.selection, by="kind").groups
    broken = [cost for cost in costs if cost.is_broken_everywhere]
    fixable = [cost for cost in broken if cost.is_fixable]
    return SettingsProposal(
        files=len(audited),
        docstrings=len(texts),
        findings=len(findings),
        ignored=_leave_out(broken, fixable),
        fixed=fixable,
        kept=_leave_out(costs, broken),
        undocumented=_find_undocumented_kinds(groups),
        source=_name_settings(project.config),
    )


def find_common_rules(
    audited: Files, findings: Collection[FindingRow]
) -> dict[str, tuple[int, int]]:
    """Find the rules that most docstrings break: how many do, and how many could."""
    costs = _count_costs(findings, _list_docstrings(audited)) if len(findings) >= _MANY else []
    return {
        cost.code: (cost.docstrings, cost.possible) for cost in costs if cost.is_broken_everywhere
    }


def _leave_out(costs: list[RuleCost], others: list[RuleCost]) -> list[RuleCost]:
    return [cost for cost in costs if cost not in others]


def write_settings(top: str, proposal: SettingsProposal) -> str:
    """Add the proposed settings to ``pyproject.toml``; without one, write ``detent.toml``."""
    if proposal.source:
        hint = "`detent config` shows them; change them by hand"
        raise UsageError(f"there are settings already: {proposal.source}", hint)
    name = "pyproject.toml"
    path = os.path.join(top, name)  # noqa: PTH118
    try:
        if not os.path.lexists(path):
            name = "detent.toml"
            files.write_atomically(os.path.join(top, name), format_settings(proposal, name))  # noqa: PTH118
            return name
        old = files.read_regular_file(top, name.encode())
        newline = b"\r\n" if b"\r\n" in old else b"\n"
        table = format_settings(proposal, name).encode().replace(b"\n", newline)
        new = old.rstrip() + newline * 2 + table if old.strip() else table
        files.replace_file(top, name.encode(), old=old, new=new)
    except (OSError, files.ReplaceError) as error:
        raise UsageError(
            f"cannot write {name}: {error}", "`detent init` prints the table"
        ) from error
    return name


def format_settings(proposal: SettingsProposal, name: str = "pyproject.toml") -> str:
    """Write the proposed settings as TOML, with what each choice costs in comments."""
    lines = [] if name == "detent.toml" else ["[tool.detent]"]
    lines.append('preset = "default"')
    if proposal.ignored:
        lines.append("# Most docstrings break these rules:")
        lines.append("ignore = [")
        lines += [f'    "{cost.code}",  # {describe_cost(cost)}' for cost in proposal.ignored]
        lines.append("]")
    if proposal.undocumented:
        lines += [
            f"# Without {kind!r}: {counts.missing:,} of {counts.needed:,} have no docstring."
            for kind, counts in proposal.undocumented.items()
        ]
        kinds = sorted(DEFAULT_MISSING.difference(proposal.undocumented))
        listed = ", ".join(f'"{kind}"' for kind in kinds)
        lines.append(f"missing = [{listed}]")
    for cost in proposal.fixed:
        lines.append(f"# {cost.code}: {describe_cost(cost)}")
        lines.append(f"#   fix it: detent audit --fix --select {cost.code}")
        lines.append("#   or add it to `ignore`")
    return "\n".join([*lines, *_describe_kept(proposal)]) + "\n"


def _describe_kept(proposal: SettingsProposal) -> list[str]:
    """Write how many findings stay, where there are any."""
    rest = sum(cost.findings for cost in proposal.kept)
    findings, do = format_count(rest, "finding"), "does" if rest == 1 else "do"
    line = f"# {findings} of other rules {do} not block: the gate is about new ones."
    return [line] if proposal.kept else []


def describe_cost(cost: RuleCost) -> str:
    """Write how often the code breaks a rule."""
    return (
        f"{format_count(cost.findings, 'finding')}, in {cost.docstrings:,} of "
        f"{format_count(cost.possible, 'docstring')}: {cost.title}"
    )


def _list_docstrings(audited: Files) -> list[str]:
    symbols = (symbol for _, facts in audited for symbol in facts.symbols)
    return [symbol.docstring.text for symbol in symbols if symbol.docstring]


def _count_costs(findings: Iterable[FindingRow], texts: list[str]) -> list[RuleCost]:
    """Count the findings of each rule, the most frequent one first."""
    symbols: defaultdict[str, list[tuple[bytes, int]]] = defaultdict(list)
    for finding in findings:
        symbols[finding.code].append((finding.path, finding.symbol_line))
    possible: dict[tuple[str, ...], int] = {}
    costs = []
    for code, places in symbols.items():
        sections = RULES[code].sections
        if sections not in possible:
            possible[sections] = _count_sections(texts, sections)
        docstrings = len(set(places))
        total = max(docstrings, possible[sections])
        costs.append(RuleCost(code, RULES[code].title, len(places), docstrings, total))
    return sorted(costs, key=lambda cost: (-cost.findings, cost.code))


def _count_sections(texts: list[str], sections: tuple[str, ...]) -> int:
    """Count the docstrings that have one of some sections; all where none is named."""
    if not sections:
        return len(texts)
    title = re.compile(rf"(?m)^[ \t]*(?:{'|'.join(map(re.escape, sections))})[ \t]*$")
    return sum(title.search(text) is not None for text in texts)


def _find_undocumented_kinds(
    groups: Mapping[str, DocstringCounts],
) -> dict[str, DocstringCounts]:
    return {
        kind: counts
        for kind, counts in sorted(groups.items())
        if kind in DEFAULT_MISSING
        and counts.missing >= _LEAST
        and counts.missing >= counts.needed * (1 - _DOCUMENTED_SHARE)
    }


def _name_settings(config: Config) -> str:
    """Name the settings that there are already."""
    place = config.written[0][0] if config.written else None
    return config.source or (str(place._replace(keys=())) if place else "")
