"""The one definition of the text database, with its history."""

from __future__ import annotations

from detent.store.sqlite.schema import Layout

#: Raised by one with every change below. A database of another version is built again.
#:
#: 1. documents with their trigrams, and the trees that they cover
#: 2. passages with their words
#: 3. ids are not used again, so that what is forgotten leaves no words to what comes later
TEXT_VERSION = 3

#: Tells a text database of detent from any other: "dttx".
TEXT_APPLICATION_ID = 0x64747478

TEXT_SCHEMA = """
-- A file's content. What is left out has a row too, so that it is looked at once only.
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the row of its trigrams
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

-- A file's content that was split into passages, read as one format and by rules of one version.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    oid BLOB NOT NULL,
    format TEXT NOT NULL,            -- a language, or such as markdown
    version INTEGER NOT NULL,
    UNIQUE (oid, format, version)
);

-- A definition without those in it, a paragraph, a comment, or some rows of data.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the row of its words
    source INTEGER NOT NULL,
    mode TEXT NOT NULL,              -- code, prose, extracted-prose or records
    line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    size INTEGER NOT NULL,           -- number of its words, those of the name three times
    name TEXT NOT NULL               -- of the definition; the heading; the names of the columns
);
CREATE INDEX passage_source ON passage (source);

-- The words of passages, by their stems.
CREATE VIRTUAL TABLE word USING fts5(
    name, body, content='', columnsize=0, tokenize='porter unicode61'
);
CREATE VIRTUAL TABLE word_place USING fts5vocab(word, instance);
"""

TEXT_LAYOUT = Layout(
    TEXT_SCHEMA,
    TEXT_VERSION,
    TEXT_APPLICATION_ID,
    unique=("document", "source"),
    hidden=(
        "sqlite_sequence",
        *(f"{name}_{part}" for name in ("trigram", "word") for part in ("config", "data", "idx")),
    ),
)
