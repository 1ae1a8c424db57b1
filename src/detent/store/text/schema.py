"""The one definition of the text database, with its history."""

from __future__ import annotations

from detent.store.sqlite.schema import Layout

#: Raised by one with every change below. A database of another version is built again.
#:
#: 1. documents with their trigrams, and the trees that they cover
TEXT_VERSION = 1

#: Tells a text database of detent from any other: "dttx".
TEXT_APPLICATION_ID = 0x64747478

TEXT_SCHEMA = """
-- A file's content. What is left out has a row too, so that it is looked at once only.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,          -- the row of its trigrams
    oid BLOB NOT NULL UNIQUE,        -- git's name for the content
    state INTEGER NOT NULL           -- 0: its trigrams are here, else why it is left out
);

-- Three bytes that stand side by side, and the documents that have them somewhere. Bytes are read
-- as Latin-1, so that each is one character.
CREATE VIRTUAL TABLE trigram USING fts5(
    content, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);

-- Trees of git of which all files have a document.
CREATE TABLE covered (
    tree TEXT PRIMARY KEY,
    skipped TEXT NOT NULL            -- JSON list: paths of what is left out, each with its state
) WITHOUT ROWID;
"""

TEXT_LAYOUT = Layout(
    TEXT_SCHEMA,
    TEXT_VERSION,
    TEXT_APPLICATION_ID,
    unique=("document",),
    hidden=("trigram_config", "trigram_data", "trigram_idx"),
)
