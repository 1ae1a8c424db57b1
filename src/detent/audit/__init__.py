"""The audit of docstrings."""
