"""The public Python API: one module for each use case."""
