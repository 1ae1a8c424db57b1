"""What counts where the settings do not say: the presets."""

from __future__ import annotations

from detent.audit.codes import CODES, NO_PRESET, STRICT
from detent.config.numpydoc import CODES as NUMPYDOC

#: Rules that are off unless asked for.
OPTIONAL = STRICT | NO_PRESET

#: Rules that count by default.
DEFAULT_SELECT = tuple(code for code in CODES if code not in OPTIONAL)

#: Rules that count with the preset ``strict``: all that honest text can follow.
STRICT_SELECT = tuple(code for code in CODES if code not in NO_PRESET)

#: Paths that are not audited by default.
DEFAULT_EXCLUDE = ("**/tests/**", "**/test_*.py", "**/*_test.py", "**/conftest.py")

#: Kinds of symbols that need a docstring by default: the public ones, in ``__all__`` or not.
DEFAULT_MISSING = frozenset({"module", "class", "function", "method", "unlisted"})


def list_presets_with(code: str) -> list[str]:
    """List the presets that have a code."""
    select = {"default": DEFAULT_SELECT, "numpydoc": NUMPYDOC, "strict": STRICT_SELECT}
    return [name for name, codes in select.items() if code in codes or code[:3] == "DT9"]
