"""Rows per second into SQLite and DuckDB, by the ways that their libraries offer.

    python benchmarks/insert_rate.py [ROWS]

Every way writes the same five columns to a new file on disk in one transaction; the floor is
writing the rows as tab-separated text.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlite_utils

Row = tuple[int, str, str, int, int]
CREATE = "create table t(id integer, name text, path text, line integer, col integer)"
INSERT = "insert into t values (?, ?, ?, ?, ?)"
NAMES = ("id", "name", "path", "line", "col")


def _text(path: Path, rows: list[Row]) -> None:
    path.write_text("\n".join("\t".join(map(str, row)) for row in rows))


def _by_sqlite3(path: Path, rows: list[Row]) -> None:
    with sqlite3.connect(path) as con:
        con.execute(CREATE)
        con.executemany(INSERT, rows)
    con.close()


def _by_sqlite_utils(path: Path, rows: list[Row]) -> None:
    db = sqlite_utils.Database(path)
    db["t"].insert_all(dict(zip(NAMES, row, strict=True)) for row in rows)
    db.close()


def _by_duckdb_rows(path: Path, rows: list[Row]) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(CREATE)
        con.begin()
        con.executemany(INSERT, rows[: len(rows) // 100])
        con.commit()


def _by_duckdb_arrow(path: Path, rows: list[Row]) -> None:
    batch = pa.table(dict(zip(NAMES, zip(*rows, strict=True), strict=True)))
    with duckdb.connect(str(path)) as con:
        con.register("batch", batch)
        con.execute("create table t as select * from batch")


WAYS = [
    ("tab-separated text (floor)", 1, _text),
    ("sqlite3 executemany", 1, _by_sqlite3),
    ("sqlite-utils insert_all", 1, _by_sqlite_utils),
    ("duckdb executemany (1/100)", 100, _by_duckdb_rows),
    ("duckdb Arrow table", 1, _by_duckdb_arrow),
]


def main(count: int) -> None:
    """Print the median rate of each way, and its ratio to the floor.

    Parameters
    ----------
    count : int
        Rows to write; executemany of DuckDB gets a hundredth of them.
    """
    rows = [(i, f"name{i}", f"pkg/mod{i % 500}.py", i % 900, i % 80) for i in range(count)]
    rates: dict[str, list[float]] = {name: [] for name, *_ in WAYS}
    for turn in range(6):  # the first only warms imports
        for name, share, write in WAYS:
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                write(Path(folder) / "db", rows)
                if turn:
                    rates[name].append(count / share / (time.perf_counter() - start))
    floor = statistics.median(rates["tab-separated text (floor)"])
    for name, values in rates.items():
        rate = statistics.median(values)
        print(f"{name:28} {rate:12,.0f} rows/s  {rate / floor:6.4f} of the floor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
