"""The columns of the schema are the fields of the records."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from detent.core.model import Finding, Symbol
from detent.store.rows import COLUMNS, check_values
from detent.store.sqlite.schema import SCHEMA

if TYPE_CHECKING:
    from detent.core.namedtuple import NamedTuple

RECORDS: dict[str, type[NamedTuple]] = {
    "symbol": Symbol,
    "finding": Finding,
}


@pytest.mark.parametrize("table", COLUMNS)
def test_each_column_is_written_and_each_field_has_one(table: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    assert sorted(found) == sorted(["blob", "number", *COLUMNS[table]])
    assert set(RECORDS[table]._fields) - {"shape"} <= set(found)


@pytest.mark.parametrize("oid", ["a" * 39, "a" * 41, "a", "g" * 40, "A" * 40])
def test_an_object_id_has_the_form_that_git_gives_it(oid: str) -> None:
    check_values(["oid"], [("a" * 40,), ("b" * 64,), (None,)])
    with pytest.raises(ValueError, match="does not write"):
        check_values(["oid"], [("a" * 40,), (oid,)])
