"""Where detent's verdict on a docstring differs from numpydoc's: the rules give numpydoc's."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.parse.docstring import PARAMETERS
from detent.audit.parse.placeholders import ANYTHING

if TYPE_CHECKING:
    from detent.audit.parse.docstring import ParsedDocstring
    from detent.audit.rule import Mark, Target

# Rules about directives, and rules about the docstring as a whole.
_ON_LITERALS = frozenset({"GL01", "GL02", "GL09", "GL10", "SS01"})
# What rules miss may be where a placeholder stands: in these sections, or in one of its own.
_MISSING: dict[str, tuple[str, ...]] = {
    "PR01": PARAMETERS,
    "PR03": PARAMETERS,
    "RT01": (),
    "YD01": (),
    "DT110": PARAMETERS,
    "DT204": ("Returns",),
    "DT301": ("Raises", "Warns"),
    "DT402": ("Attributes", *PARAMETERS),
    "EX01": (),
    "SA01": (),
}


def is_numpydocs_only(target: Target, code: str, mark: Mark) -> bool:
    """Tell whether detent has another opinion than the rule that made a mark."""
    doc = target.doc
    line = mark.place[0]
    if code in _MISSING and _is_filled_in(target, _MISSING[code]):
        return True
    if code not in _MISSING and _is_of_placeholder(doc, line):
        return True
    return line in doc.text.literal and code not in _ON_LITERALS


def _is_filled_in(target: Target, sections: tuple[str, ...]) -> bool:
    """Tell whether a placeholder may stand for entries of some sections."""
    return any(name == ANYTHING or name in sections for name in target.doc.placeholders.values())


def _is_of_placeholder(doc: ParsedDocstring, line: int) -> bool:
    """Whether a line is a placeholder, or the text below one that stands for entries."""
    if line in doc.placeholders or not doc.placeholders or line >= len(doc.text.bare):
        return line in doc.placeholders
    text, head = doc.text, line
    while head and (not text.bare[head] or text.indents[head] >= text.indents[line]):
        head -= 1
    return bool(doc.placeholders.get(head))
