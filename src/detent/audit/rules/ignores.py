"""Comments that ignore findings (DT8): unused ones and invalid ones."""

from __future__ import annotations

from functools import lru_cache

from detent import TYPE_CHECKING
from detent.audit.rule import collect_rules, register_page
from detent.core.escape import quote_name, sanitize_name
from detent.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from detent.core.model import Symbol

register_page(
    "DT801",
    "Unused ignore",
    """
    Find codes in a comment ``# detent: ignore[...]`` that have no finding to ignore.

    The comment belongs to the last definition that begins before it, decorators included, or to
    the module. Comments for numpydoc may be unused.

    Notes
    -----
    A comment that ignores nothing today may hide a defect tomorrow, and points readers to a problem
    that does not exist.

    Examples
    --------
    Remove the code from the comment, or remove the whole comment.
    """,
)
register_page(
    "DT802",
    "Ignore that names no code",
    """
    Find comments ``# detent: ignore`` without a code, or with an unknown code.

    Problems of a whole file (DT9) and of these comments (DT8) can be ignored only in the settings.

    Notes
    -----
    A misspelled code ignores nothing, and a comment that ignored every code would hide too much.

    Examples
    --------
    Write ``# detent: ignore[PR01] described in the guide``.
    """,
)

# Codes that may depend on base classes in other files, by the kind of the symbol.
_OF_BASES = {"class": {"PR01", "PR02", "PR03"}, "method": {"DT110", "DT111"}}


def check_suppressions(
    number: int, symbol: Symbol, found: Collection[tuple[int, str]]
) -> Iterator[Finding]:
    """Check the comments on a symbol.

    Parameters
    ----------
    number : int
        The symbol's place in its file.
    symbol : Symbol
        The symbol.
    found : collection of (int, str)
        Each symbol and code before any is ignored.

    Yields
    ------
    Finding
        Comments that name no code, an unknown one, or one that is not found.
    """
    for directive in symbol.directives:
        if not directive.codes:
            message = 'Comment names no code to ignore: write "# detent: ignore[PR01] reason"'
            yield Finding(number, "DT802", *directive[:2], "", message)
        for code in dict.fromkeys(directive.codes):
            if problem := _explain_invalid_code(code):
                yield Finding(number, "DT802", *directive[:2], sanitize_name(code), problem)
            elif (number, code) not in found and not _is_decided_by_bases(code, symbol):
                message = f"Unused ignore: no {code} here"
                yield Finding(number, "DT801", *directive[:2], code, message)


def _is_decided_by_bases(code: str, symbol: Symbol) -> bool:
    """Tell whether the code may be found only together with base classes in other files."""
    has_bases = symbol.kind == "method" or bool(symbol.bases)
    return has_bases and code in _OF_BASES.get(symbol.kind, ())


@lru_cache
def _explain_invalid_code(code: str) -> str:
    """Explain why a code cannot be ignored; empty where it can."""
    rules = collect_rules()
    if code in rules:
        if code[:3] not in ("DT8", "DT9"):
            return ""
        return f"{quote_name(code)} cannot be ignored in a comment, only in the settings"
    # A letter for a digit, or small letters: no need for more.
    near = max(rules, key=lambda rule: _count_equal_letters(rule, code))
    guess = f": did you mean {near}?" if _count_equal_letters(near, code) > 1 else ""
    return f"{quote_name(code)} is no code to ignore{guess}"


def _count_equal_letters(rule: str, code: str) -> int:
    return sum(map(str.__eq__, rule, code.upper())) if len(code) <= len(rule) + 1 else 0
