"""Regression budgets: metrics, and the limits on them."""
