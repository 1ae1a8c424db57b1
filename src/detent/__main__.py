"""``python -m detent``."""

from detent.main import entry

entry()
