"""Regression budgets: what is measured, and whether it keeps its limits."""
