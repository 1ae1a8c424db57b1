"""The text of a docstring to sections, entries, types and defaults."""
