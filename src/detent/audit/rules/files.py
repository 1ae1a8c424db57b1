"""Problems of a whole file (DT9): they are found where files are read and parsed, not here."""

from __future__ import annotations

from detent.audit.rule import register_page

register_page(
    "DT901",
    "File is not text",
    """
    Find files that are not text although their name ends in ``.py``; they are not analysed.

    Notes
    -----
    A file that cannot be read must not count as clean.

    Examples
    --------
    Give a program or an archive another name, or exclude it.
    """,
)
register_page(
    "DT902",
    "Syntax error",
    """
    Find code that Python refuses; the code around it is still indexed and audited.

    This is code that cannot be parsed, and what the compiler refuses later: ``return`` outside of a
    function, repeated parameters, ``break`` outside of a loop, syntax of Python 2. Nothing is run.

    Notes
    -----
    A definition that cannot be parsed cannot be checked. Files of all versions of Python 3 are
    judged, and syntax that is newer than the Python that runs detent is no error. Where the grammar
    itself is tolerant, only doubtful code is given to Python's compiler. An indentation that is
    deeper than the block around it is therefore not found, nor are some rare errors in type
    parameters. Cython is not judged.

    Examples
    --------
    Write ``def f(x):``, not ``def f(x:``. Exclude templates that are not valid Python.
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
    Save the file as UTF-8, or write ``# -*- coding: latin-1 -*-`` in its first line.
    """,
)
register_page(
    "DT904",
    "NUL byte",
    """
    Find files that contain a NUL byte.

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
    Find files that are too large to analyse.

    These are files of more than 4 MB, and files with 500 backslashes in a row and no code between
    them.

    Notes
    -----
    Such files are generated, and would slow down every hook.

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

    It is a note: it fails no check and counts in no budget.

    Notes
    -----
    A file that cannot be read must not count as clean, but to commit a pointer is no mistake.

    Examples
    --------
    Remove ``*.py`` from ``.gitattributes``, if such files should be audited.
    """,
)
register_page(
    "DT907",
    "numpydoc stops here",
    """
    Find definitions that numpydoc stops at with an error, with ``engine = "numpydoc"`` only.

    Notes
    -----
    numpydoc itself would skip the rest of the files.

    Examples
    --------
    Fix what the message describes, or use detent's own rules: ``engine = "detent"``.
    """,
)
register_page(
    "DT908",
    "File takes too long",
    """
    Find files whose analysis takes more than 30 s; they are not analysed.

    Notes
    -----
    Source that people write takes milliseconds. The result is stored, so that the next run does not
    take as long: ``detent index --full`` tries again.

    Examples
    --------
    Exclude the file, or let the generator write a file of data.
    """,
)
