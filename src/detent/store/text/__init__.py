"""The text of blobs: one SQLite file beside the store, the same under every store."""
