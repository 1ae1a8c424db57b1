"""Tests that need a git which is not everywhere yet."""

from __future__ import annotations

import re
import subprocess

import pytest


def needs_git(*version: int) -> pytest.MarkDecorator:
    """Skip where git is older, and say so."""
    said = subprocess.run(["git", "version"], capture_output=True, check=True, text=True).stdout
    here = tuple(map(int, re.findall(r"\d+", said)[:2]))
    shown = ".".join(map(str, version))
    return pytest.mark.skipif(here < version, reason=f"needs git {shown}; this is {said.strip()}")
