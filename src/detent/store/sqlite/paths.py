"""Paths of git in SQL: text where they are UTF-8, else the bytes themselves."""

from __future__ import annotations


def to_sql(path: bytes) -> str | bytes:
    """Give the value that stands for a path."""
    try:
        return path.decode()
    except UnicodeDecodeError:
        return path


def from_sql(value: str | bytes) -> bytes:
    """Give the path that a value stands for."""
    return value.encode() if isinstance(value, str) else value
