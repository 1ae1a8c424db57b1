"""An exact code index, a NumPy docstring audit and regression budgets, in git hooks and CI."""

__version__ = "0.1.0"
