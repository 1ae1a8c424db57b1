"""The one definition of the database, with its history."""

from __future__ import annotations

from functools import cache

from detent.core.namedtuple import NamedTuple

SchemaRow = tuple[str, str, str, str | None]

#: Raised by one with every change below. A store of another version is built again, not migrated.
#:
#: 1. blobs with their symbols, calls, bindings and findings; views with their entries
#: 2. findings name their symbol and its role
#: 3. findings say whether other files may settle them
#: 4. symbols have a shape: lines, parameters, complexity, nesting
#: 5. the index of names has those of a blob together
#: 6. facts belong to a blob and a language, and each kind of them has a version
#: 7. findings say whether only numpydoc's settings count them
#: 8. calls and bindings of a blob are lists: they are read and written together
#: 9. references, with the names that they mention
#: 10. symbols say what they catch, and which attributes have a text of their own
#: 11. calls and bindings of a blob are lists of columns: these take half the time of rows
#: 12. symbols are found by their names alone, in any blob
SCHEMA_VERSION = 12

#: Tells an index of detent from any other SQLite database: "dtnt".
APPLICATION_ID = 0x64746E74

#: Tables with a constraint UNIQUE, for which SQLite makes an index.
_UNIQUE = ("blob", "reference", "view", "word")

#: All tables.
TABLES = ("blob", "symbol", "finding", "view", "entry", "difference", "reference", "word",
          "mention")  # fmt: skip

SCHEMA = """
-- A file's content that has been analysed, as one language and by rules of one version. Everything
-- below belongs to it and never changes: another version of detent writes rows of its own.
CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    oid TEXT NOT NULL,               -- git's name for the content
    language TEXT NOT NULL,
    structure INTEGER NOT NULL,      -- version of symbols, calls and bindings
    findings INTEGER NOT NULL,       -- version of the findings
    size INTEGER NOT NULL,           -- bytes
    lines INTEGER NOT NULL,
    exports TEXT,                    -- JSON list: __all__ where it is a literal
    calls TEXT NOT NULL,             -- JSON list of the columns of its calls, as written
    bindings TEXT NOT NULL,          -- JSON list of the columns of the names that imports bind
    UNIQUE (oid, language, structure, findings)
);

-- Modules, classes, functions and methods. The module is number 0.
CREATE TABLE symbol (
    blob INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,         -- in document order
    parent INTEGER NOT NULL,         -- number of the enclosing symbol, -1 for the module
    kind TEXT NOT NULL,              -- module, class, function, method
    name TEXT NOT NULL,
    qualname TEXT NOT NULL,          -- dotted, inside the module; empty for the module
    visibility TEXT NOT NULL,        -- public, unlisted, private, dunder, nested
    line INTEGER NOT NULL,
    column INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    decorators TEXT,                 -- JSON list, as written; empty lists are NULL
    bases TEXT,                      -- JSON list, as written
    params TEXT,                     -- JSON list: a name, or name, kind, annotation and default
    returns TEXT,                    -- the annotation as written
    flags TEXT,                      -- words: async, returns, yields, stub, ...
    raises TEXT,                     -- JSON list, as written
    caught TEXT,                     -- JSON list: what is raised and does not leave the function
    attributes TEXT,                 -- JSON list: names that a class sets
    described TEXT,                  -- JSON list: those with a text of their own
    ignores TEXT,                    -- words: codes that comments ignore
    directives TEXT,                 -- JSON list: line, column and codes of comments of detent
    docstring TEXT,                  -- its value, not dedented
    docstring_line INTEGER,
    docstring_column INTEGER,
    body TEXT NOT NULL,              -- hash of the definition without its name
    own TEXT NOT NULL,               -- the same without the definitions nested in it
    uses TEXT NOT NULL,              -- names that occur in its own code, separated by spaces
    lines INTEGER NOT NULL,          -- with what is nested in it, without its docstring
    parameters INTEGER NOT NULL,     -- without the self or cls of a method
    complexity INTEGER NOT NULL,     -- McCabe's
    nesting INTEGER NOT NULL,        -- blocks inside one another
    PRIMARY KEY (blob, number)
) WITHOUT ROWID;
CREATE INDEX symbol_name ON symbol (name);

-- What all rules say; settings choose among them when they are read.
CREATE TABLE finding (
    blob INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    qualname TEXT NOT NULL,          -- of the symbol: lists of findings need not look it up
    role TEXT NOT NULL,              -- public kinds, unlisted, private, nested, dunder, setter, ...
    symbol INTEGER NOT NULL,
    code TEXT NOT NULL,
    line INTEGER NOT NULL,
    column INTEGER NOT NULL,
    subject TEXT NOT NULL,           -- the section or parameter that it is about
    message TEXT NOT NULL,
    requires_addition INTEGER NOT NULL,  -- 1: it asks for something that is not documented at all
    pending_on TEXT NOT NULL,        -- what in other files may settle it: base, override
    numpydoc_only INTEGER NOT NULL,  -- 1: it counts only with the settings of numpydoc
    PRIMARY KEY (blob, number)
) WITHOUT ROWID;

-- The references of a file's content: derived when a question needs them.
CREATE TABLE reference (
    id INTEGER PRIMARY KEY,
    oid TEXT NOT NULL,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    packed BLOB NOT NULL,            -- compressed columns: see packing.py
    UNIQUE (oid, language, version)
);

-- Names, and which references mention them.
CREATE TABLE word (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);
CREATE TABLE mention (
    word INTEGER NOT NULL,
    reference INTEGER NOT NULL,
    PRIMARY KEY (word, reference)
) WITHOUT ROWID;

-- What one name (staged, worktree, a revision) stood for when it was last brought up to date:
-- a tree of git, and the paths where it differs from that tree.
CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- with the work tree in front of the last slash
    tree TEXT NOT NULL,
    generation INTEGER NOT NULL,     -- how often it has been published
    languages TEXT NOT NULL,         -- the table of languages that chose its files
    size INTEGER NOT NULL,           -- number of its entries
    versions TEXT NOT NULL,          -- of facts, those that "missing" holds for
    missing TEXT NOT NULL            -- entries without facts: oid, space, language; by commas
);
CREATE TABLE entry (
    view INTEGER NOT NULL REFERENCES view (id) ON DELETE CASCADE,
    path TEXT NOT NULL,              -- a BLOB where it is not UTF-8
    oid TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (view, path)
) WITHOUT ROWID;
CREATE INDEX entry_oid ON entry (oid);
CREATE TABLE difference (
    view INTEGER NOT NULL REFERENCES view (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    oid TEXT,                        -- what the tree has there; NULL for nothing
    language TEXT,
    PRIMARY KEY (view, path)
) WITHOUT ROWID;
"""


class Layout(NamedTuple):
    """What a database of detent looks like."""

    schema: str  # its statements
    version: int
    application_id: int
    unique: tuple[str, ...] = ()  # tables with a constraint UNIQUE
    hidden: tuple[str, ...] = ()  # tables that SQLite makes for a virtual one

    def describes(self, rows: list[SchemaRow]) -> bool:
        """Tell whether these are all rows of its schema, sorted, as SQLite keeps them."""
        shown = [(*row[:3], None) if row[0] in self.hidden else row for row in rows]
        return shown == list_schema_rows(self)


INDEX_LAYOUT = Layout(SCHEMA, SCHEMA_VERSION, APPLICATION_ID, _UNIQUE)


@cache
def list_schema_rows(layout: Layout) -> list[SchemaRow]:
    """List name, kind, table and text of all that an index has, sorted, as SQLite keeps them."""
    rows: list[SchemaRow] = [(name, "table", name, None) for name in layout.hidden]
    for statement in layout.schema.split(";\n"):
        _, create, rest = statement.partition("CREATE ")
        if create:
            kind, name, *words = rest.removeprefix("VIRTUAL ").split(None, 4)
            table = name if kind == "TABLE" else words[1]
            rows.append((name, kind.lower(), table, create + rest))
    # The indexes of UNIQUE; other keys are the order of the rows themselves.
    rows += [(f"sqlite_autoindex_{name}_1", "index", name, None) for name in layout.unique]
    return sorted(rows, key=lambda row: row[:2])
