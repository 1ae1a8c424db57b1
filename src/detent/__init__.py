"""An exact code index, a NumPy docstring audit and regression budgets, in git hooks and CI."""

__version__ = "0.1.0"
#: As `typing` has it, which takes 2 ms to import: docs/decisions/0013-start.md.
TYPE_CHECKING = False
