"""Names that are followed from file to file."""
