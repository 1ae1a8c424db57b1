"""Problems of a file as such (DT9): they are found where it is read and parsed, not here."""

from __future__ import annotations

from detent.audit.rule import register_page

register_page(
    "DT901",
    "File is no text",
    """
    Find files that are no text, though their name ends in ``.py``; they are not analysed.

    Notes
    -----
    What cannot be read must not pass for clean.

    Examples
    --------
    Give a program or an archive another name, or exclude it.
    """,
)
register_page(
    "DT902",
    "Syntax error",
    """
    Find syntax errors; what stands around them is still indexed and audited.

    Notes
    -----
    Nothing can be said of a definition that cannot be read.

    Examples
    --------
    Write ``def f(x):``, not ``def f(x:``. Exclude templates that are no Python yet.
    """,
)
register_page(
    "DT903",
    "Bytes are not of the declared encoding",
    """
    Find files that are not in the encoding that they declare, or in UTF-8 where they declare none.

    Notes
    -----
    Python refuses such a file. Here the bytes that cannot be read are replaced.

    Examples
    --------
    Save the file as UTF-8, or say ``# -*- coding: latin-1 -*-`` in its first line.
    """,
)
register_page(
    "DT904",
    "NUL byte",
    """
    Find files that hold a NUL byte.

    Notes
    -----
    Python does not read them.

    Examples
    --------
    Write the escape ``\\0`` in a string, not the byte itself.
    """,
)
register_page(
    "DT905",
    "File is too large",
    """
    Find files of more than 4 MB; they are not analysed.

    Notes
    -----
    They are generated, and would make every hook wait.

    Examples
    --------
    Exclude the file, or let the generator write a file of data.
    """,
)
register_page(
    "DT906",
    "Pointer of Git LFS",
    """
    Find pointers of Git LFS: the content of the file is not in git, and is not analysed.

    It is told, holds nothing back and counts in no budget.

    Notes
    -----
    What cannot be read must not pass for clean, but whoever commits a pointer did nothing wrong.

    Examples
    --------
    Take ``*.py`` out of ``.gitattributes``, where such files are to be audited.
    """,
)
register_page(
    "DT907",
    "numpydoc stops here",
    """
    Find definitions that numpydoc stops at with an error, with ``engine = "numpydoc"`` only.

    Notes
    -----
    numpydoc itself would leave out the rest of the files.

    Examples
    --------
    See what its message complains of, or let detent's own rules judge: ``engine = "detent"``.
    """,
)
