"""The index is a plain database: what people explore databases with can read it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from detent.store import default_index_path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its dependencies, on the newest Python
    import sqlite_utils

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

DOCUMENTED = """
SELECT path, qualname FROM entry
JOIN view ON view.id = entry.view JOIN blob USING (oid) JOIN symbol ON symbol.blob = blob.id
WHERE view.name = '/staged' AND symbol.docstring IS NOT NULL AND kind <> 'module'
ORDER BY path, line
"""


def test_sqlite_utils_reads_the_index(repo: Sandbox, cli: Cli) -> None:
    repo.commit(
        **{"a.py": 'def f():\n    """Do."""\n\n\ndef g(): ...\n', "b.py": 'class C:\n    "Be."'}
    )
    cli("index")
    database = sqlite_utils.Database(default_index_path(str(repo.path / ".git")))
    names = set(database.table_names())
    assert {"blob", "symbol", "finding", "view", "entry"} <= names
    assert list(database.query(DOCUMENTED)) == [
        {"path": "a.py", "qualname": "f"},
        {"path": "b.py", "qualname": "C"},
    ]
    database.close()
