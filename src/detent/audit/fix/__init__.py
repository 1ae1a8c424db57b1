"""Every fix: one function per rule, one module per topic, in the order in which they are made.

A fix is made on the text of one docstring and tested at once. It is kept only if its finding is
gone and there is no new one. Findings that the fix reveals do not count as new: those under a title
that was misspelled, or behind a colon that lacked its spaces.
"""

from __future__ import annotations

from types import MappingProxyType

from detent import TYPE_CHECKING
from detent.audit.fix import entries, layout, prose, sections  # noqa: F401 - registers fixes
from detent.audit.fix.fixer import collect_fixes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.audit.fix.fixer import Fix

_FIX_ORDER = {code: at for at, code in enumerate(("GL06", "PR10", "PR06", "PR01", "GL07"))}

#: Rules whose findings get an entry to fill in: only on request, since that fixes nothing.
STUBS = frozenset({"PR01"})

#: Every fix by its code: first those that others depend on.
FIXES: Mapping[str, Fix] = MappingProxyType(
    dict(
        sorted(
            collect_fixes().items(),
            key=lambda item: (_FIX_ORDER.get(item[0], len(_FIX_ORDER)), item[0]),
        )
    )
)
