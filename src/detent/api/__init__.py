"""The public Python API: `Repository`, and one module for each use case."""

from detent.api.repository import STAGED, WORKTREE, Repository, open_repository

__all__ = ["STAGED", "WORKTREE", "Repository", "open_repository"]
