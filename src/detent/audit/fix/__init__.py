"""Fixes: what a docstring is to say instead, where there is only one right answer."""
