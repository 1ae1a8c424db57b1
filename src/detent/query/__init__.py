"""What needs more than one file: names of a view followed to where they are defined."""
