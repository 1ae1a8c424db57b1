"""How a description begins and ends: shared by the rules about parameters, returns and See Also."""

from __future__ import annotations


def starts_small(text: str) -> bool:
    """Say whether a text begins with a letter that is not a capital one.

    Parameters
    ----------
    text : str
        The first line.

    Returns
    -------
    bool
        False also where it begins with anything but a letter.
    """
    return text[:1].isalpha() and not text[:1].isupper()


def ends_open(text: str) -> bool:
    """Say whether a description lacks the full stop at its end.

    Parameters
    ----------
    text : str
        The last line, without the description's margin.

    Returns
    -------
    bool
        False also for a list item and for an indented line, such as a code block.
    """
    return not text.rstrip().endswith(".") and not text.startswith((" ", "* ", "- "))
