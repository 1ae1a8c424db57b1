"""How a description begins and ends: shared by the rules about parameters, returns and See Also."""

from __future__ import annotations


def needs_capital_letter(text: str) -> bool:
    """Say whether a text begins with a letter that is not a capital one."""
    return text[:1].isalpha() and not text[:1].isupper()


def needs_full_stop(text: str) -> bool:
    """Say whether a description lacks the full stop at its end."""
    return not text.rstrip().endswith(".") and not text.startswith((" ", "* ", "- "))
