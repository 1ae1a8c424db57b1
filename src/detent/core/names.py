"""Names as Python compares them."""

from __future__ import annotations

import unicodedata


def normalize_name(name: str) -> str:
    """Give a name the form in which Python compares names."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)
