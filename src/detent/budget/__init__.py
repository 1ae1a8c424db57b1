"""Regression budgets: what is measured, and whether it keeps its limits."""

from __future__ import annotations

#: What becomes of a limit.
PASS, INCONCLUSIVE, EXCEEDED = "pass", "inconclusive", "exceeded"
NOT_MEASURED, EXEMPT = "not measurable", "exempt"
