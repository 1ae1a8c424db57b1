"""What a rule means, and how to change where it counts."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import FIXABLE, get_default_severity, list_presets_with
from detent.audit.rules import RULES
from detent.config.values import suggest_spelling
from detent.core.errors import UsageError
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detent.audit.rule import Rule


class RulePage(NamedTuple):
    """What a rule means.

    Attributes
    ----------
    code : str
        Such as ``PR01``.
    title : str
        One line.
    text : str
        What it finds, why that is bad, and an example.
    severity : str
        ``error`` or ``warning``, unless the settings say otherwise.
    presets : sequence of str
        The presets that select it.
    is_fixable : bool
        Whether ``detent audit --fix`` can fix it.
    is_suppressible : bool
        Whether a comment in the code can ignore it.
    """

    code: str
    title: str
    text: str
    severity: str
    presets: Sequence[str]
    is_fixable: bool
    is_suppressible: bool


def explain_rule(code: str) -> RulePage:
    """Explain a rule.

    Parameters
    ----------
    code : str
        Such as ``PR01``.

    Returns
    -------
    RulePage
        Its meaning.

    Raises
    ------
    UsageError
        If there is no such rule.

    Examples
    --------
    >>> from detent.api.explain import explain_rule
    >>> explain_rule("GL08").title
    'No docstring'
    """
    rule = RULES.get(code)
    if rule is None:
        hint = suggest_spelling(code, RULES) or "docs/rules.md lists them"
        raise UsageError(f"unknown rule code {code!r}", hint)
    return RulePage(
        code,
        rule.title,
        rule.doc.strip(),
        get_default_severity(code),
        list_presets_with(code),
        code in FIXABLE,
        code[:3] not in ("DT8", "DT9"),
    )


def list_rule_titles() -> dict[str, str]:
    """List the titles of all rules by code."""
    return {code: rule.title for code, rule in RULES.items()}


def list_rules() -> Mapping[str, Rule]:
    """List all rules by code."""
    return RULES
