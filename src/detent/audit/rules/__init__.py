"""One function per rule, one module per topic. A function's docstring is the page of its rule."""

from __future__ import annotations

from types import MappingProxyType

from detent import TYPE_CHECKING
from detent.audit.rule import Rule, collect_rules
from detent.audit.rules import (
    attributes,
    defaults,
    files,
    further,
    ignores,
    inheritance,
    layout,
    parameters,
    placement,
    raises,
    results,
    returns,
    summary,
    titles,
    types,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "RULES",
    "Rule",
    "attributes",
    "defaults",
    "files",
    "further",
    "ignores",
    "inheritance",
    "layout",
    "parameters",
    "placement",
    "raises",
    "results",
    "returns",
    "summary",
    "titles",
    "types",
]

#: Every rule by its code, sorted.
RULES: Mapping[str, Rule] = MappingProxyType(collect_rules())
