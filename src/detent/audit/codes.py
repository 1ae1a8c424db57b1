"""The codes of the rules, by preset and severity: all that settings need of the rules."""

from __future__ import annotations

from detent.config.numpydoc import CODES as NUMPYDOC

_OWN = """
DT101 DT102 DT103 DT104 DT105 DT110 DT111 DT201 DT202 DT203 DT204 DT205 DT206 DT207 DT301 DT302
DT303 DT304 DT401 DT402 DT403 DT501 DT502 DT503 DT601 DT701 DT702 DT801 DT802 DT901 DT902 DT903
DT904 DT905 DT906 DT907 DT908
"""
_STRICT = "DT103 DT104 DT105 DT110 DT111 DT203 DT206 DT301 DT302 DT402 RT02"
_NO_PRESET = "DT701 DT702 ES01 EX01 SA01"
_FIXABLE = "GL01 GL02 GL03 GL06 GL07 PR06 PR08 PR09 PR10 RT04 RT05 SA02 SA03 SS02 SS03"
_WARNINGS = "DT103 DT402 DT502 DT906"

#: Version of the findings: raised by one whenever the rules find anything else in the same bytes.
FINDINGS_VERSION = 19

#: Every code, sorted; `detent.audit.rule` accepts no other.
CODES = tuple(sorted({*_OWN.split(), *NUMPYDOC}))

#: Codes that only the preset ``strict`` has.
STRICT = frozenset(_STRICT.split())

#: Codes in no preset of detent: nobody could follow them without writing filler, or another rule
#: contradicts them.
NO_PRESET = frozenset(_NO_PRESET.split())

#: Codes whose findings are warnings; all others are errors.
WARNINGS = frozenset(_WARNINGS.split())

#: Codes that ``detent audit --fix`` can fix without a person.
FIXABLE = frozenset(_FIXABLE.split())

#: Codes about inherited docstrings: they need more than one file.
INHERITED = ("DT110", "DT111")


#: Codes that only say why a file was not audited: they are shown and fail no check.
NOTES = frozenset({"DT906"})


def get_default_severity(code: str) -> str:
    """Return how severe findings of a code are by default."""
    return "warning" if code in WARNINGS else "error"


#: Rules that are off by default.
OPTIONAL = STRICT | NO_PRESET

#: Rules that count by default.
DEFAULT_SELECT = tuple(code for code in CODES if code not in OPTIONAL)

#: Rules that count with the preset ``strict``: every rule that can be met without filler text.
STRICT_SELECT = tuple(code for code in CODES if code not in NO_PRESET)


def list_presets_with(code: str) -> list[str]:
    """List the presets that have a code."""
    select = {"default": DEFAULT_SELECT, "numpydoc": NUMPYDOC, "strict": STRICT_SELECT}
    return [name for name, codes in select.items() if code in codes or code[:3] == "DT9"]
