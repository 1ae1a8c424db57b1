"""How much a metric may grow: shares and amounts with units."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.config.values import check_choice, check_keys, refuse_setting
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

    from detent.config.values import SettingLocation

COMBINE_MODES = ("forgiving", "strict")
_AMOUNT = r"(\d+(?:\.\d+)?)\s*([A-Za-zµ%]*)"
#: By unit: the base unit, and the factor to it.
_UNITS = {
    "": ("", 1.0),
    "us": ("s", 1e-6),
    "µs": ("s", 1e-6),
    "ms": ("s", 1e-3),
    "s": ("s", 1.0),
    "B": ("bytes", 1.0),
    **{f"{prefix}B": ("bytes", 1e3**n) for n, prefix in enumerate("kMG", 1)},
    **{f"{prefix}iB": ("bytes", 1024.0**n) for n, prefix in enumerate("KMG", 1)},
}
_EXAMPLES = 'such as "1%", "100ms", 3 or { rel = "3%", abs = "100ms", combine = "forgiving" }'


class Increase(NamedTuple):
    """How far above its reference a metric may be."""

    share: float | None = None  # of the reference: 0.01 for ``1%``
    amount: float | None = None  # in `unit`
    unit: str = ""  # ``s``, ``bytes``, or empty for the metric's own
    # whether the smaller of both counts where both are given, not the greater
    strict: bool = False

    def compute_allowance(self, reference: float) -> float:
        """Compute how much may be added to a reference."""
        parts = [] if self.amount is None else [self.amount]
        if self.share is not None:
            parts.append(self.share * abs(reference))
        return min(parts) if self.strict else max(parts)


def read_increase(given: object, place: SettingLocation) -> Increase | None:
    """Read what may be added to a reference."""
    if given is None:
        return None
    if not isinstance(given, dict):
        return _read_amount(given, place)
    check_keys(given, ("rel", "abs", "combine"), place)
    share, amount = Increase(), Increase()
    if "rel" in given:
        share = _read_amount(given["rel"], place.at("rel"))
    if "abs" in given:
        amount = _read_amount(given["abs"], place.at("abs"))
    _check_combination(given, share, amount, place=place)
    strict = given.get("combine") == COMBINE_MODES[1]
    return Increase(share.share, amount.amount, amount.unit, strict)


def _check_combination(
    given: Mapping[str, object], share: Increase, amount: Increase, *, place: SettingLocation
) -> None:
    """Raise an error for parts of the wrong kind, or without a way to combine them."""
    if share.amount is not None or amount.share is not None:
        refuse_setting(place, ": rel takes a percentage, and abs an amount", _EXAMPLES)
    if share.share is None and amount.amount is None:
        refuse_setting(place, " has neither rel nor abs", _EXAMPLES)
    if "rel" in given and "abs" in given and "combine" not in given:
        hint = 'combine = "forgiving" takes the greater of both, "strict" the smaller'
        refuse_setting(place, " has rel and abs, but not combine", hint)
    check_choice(given.get("combine", COMBINE_MODES[0]), COMBINE_MODES, place.at("combine"))


def _read_amount(given: object, place: SettingLocation) -> Increase:
    """Read ``3``, ``"1%"`` or ``"100ms"``."""
    if is_number(given) and given >= 0:
        return Increase(amount=float(given))
    match = re.fullmatch(_AMOUNT, given.strip()) if isinstance(given, str) else None
    if match and match[2] == "%":
        return Increase(share=float(match[1]) / 100)
    if match is None or match[2] not in _UNITS:
        refuse_setting(place, f": invalid amount {given!r}", _EXAMPLES, word=str(given))
    unit, factor = _UNITS[match[2]]
    return Increase(amount=float(match[1]) * factor, unit=unit)


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number; NaN and booleans are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124
