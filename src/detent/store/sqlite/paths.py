"""Paths of git in SQL: text where they are UTF-8, else the bytes themselves."""

from __future__ import annotations


def to_sql(path: bytes) -> str | bytes:
    """Give the value that stands for a path.

    Parameters
    ----------
    path : bytes
        As git has it.

    Returns
    -------
    str or bytes
        Text where it is UTF-8, which a person can query; else the bytes themselves.
    """
    try:
        return path.decode()
    except UnicodeDecodeError:
        return path


def from_sql(value: str | bytes) -> bytes:
    """Give the path that a value stands for.

    Parameters
    ----------
    value : str or bytes
        As `to_sql` gave it.

    Returns
    -------
    bytes
        The path, byte for byte.
    """
    return value.encode() if isinstance(value, str) else value
