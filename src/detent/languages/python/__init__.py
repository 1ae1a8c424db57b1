"""Python: the bytes of one file to its facts."""
