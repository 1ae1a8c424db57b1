"""The index in plain Python objects: for runs that keep nothing, and for tests."""
