"""One function per rule, one module per topic. A function's docstring is the page of its rule."""

from __future__ import annotations

from types import MappingProxyType

from detent import TYPE_CHECKING
from detent.audit.rule import collect_rules
from detent.audit.rules import (  # noqa: F401 - importing a module registers its rules
    attributes,
    defaults,
    files,
    ignores,
    inheritance,
    layout,
    parameters,
    placement,
    raises,
    results,
    returns,
    see_also,
    summary,
    titles,
    types,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.audit.rule import Rule

#: Every rule by its code, sorted.
RULES: Mapping[str, Rule] = MappingProxyType(collect_rules())
