"""Every fix, in the order in which they are made.

A fix is made on the text of one docstring and tried out at once: it stays only if its finding is
gone and no other has come. What it brings to light counts as nothing new: under a title that was
misspelt nobody looked, and behind a colon without its spaces neither.
"""

from __future__ import annotations

from types import MappingProxyType

from detent import TYPE_CHECKING
from detent.audit.fix import entries, layout, prose, sections
from detent.audit.fix.fixer import Fix, FixCase, collect_fixes

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIX_ORDER = {code: at for at, code in enumerate(("GL06", "PR10", "PR06", "PR01", "GL07"))}

__all__ = ["FIXES", "STUBS", "Fix", "FixCase", "entries", "layout", "prose", "sections"]

#: The rules whose findings get an entry to fill in: only on request, since it mends nothing.
STUBS = frozenset({"PR01"})

#: Every fix by its code, in the order in which they are made: first what others depend on.
FIXES: Mapping[str, Fix] = MappingProxyType(
    dict(
        sorted(
            collect_fixes().items(),
            key=lambda item: (_FIX_ORDER.get(item[0], len(_FIX_ORDER)), item[0]),
        )
    )
)
