"""Delete what no view and no recent commit needs."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING, git
from detent.core.errors import StoreError, UsageError
from detent.core.model import BlobKey
from detent.index import views
from detent.languages import LANGUAGES
from detent.store import MEMORY

if TYPE_CHECKING:
    from detent.git import Repo
    from detent.index.handle import Index
    from detent.index.text.database import TextDatabase


# git takes any text for a date, and what it does not know for now.
_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|last|an?"
_MONTHS = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_DAYS = "mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun"
_DATE_WORD = re.compile(
    rf"\d+|st|nd|rd|th|{_NUMBER_WORDS}|(second|sec|minute|min|hour|day|week|month|year)s?|ago|now|today"
    rf"|yesterday|never|noon|midnight|tea|am|pm|at|t|z|utc|gmt|({_DAYS})(day)?|({_MONTHS})[a-z]*",
    re.IGNORECASE,
)


def require_date(text: str) -> None:
    """Raise an error for what is no date."""
    words = re.findall(r"[^\W\d_]+|\d+", text)
    if not words or not all(map(_DATE_WORD.fullmatch, words)):
        raise UsageError(f"--since: unknown date {text!r}", "such as 2.weeks or 2026-01-31")


def collect_garbage(repo: Repo, index: Index, since: str) -> int:
    """Delete the facts of old blobs; give how many there were."""
    require_date(since)
    names = [f"{tree}/{view}" for tree in git.list_worktrees(repo) for view in views.WORKTREE_VIEWS]
    recent = git.list_recent_blobs(repo, since)
    keys = [BlobKey(oid, language) for oid in recent for language in LANGUAGES]
    store = index.open_writer()
    if index.path == MEMORY:
        raise StoreError(
            "nothing was deleted: the index cannot be written", "see the rights of its directory"
        )
    return store.collect_garbage(names, keys)


def collect_text_garbage(repo: Repo, database: TextDatabase) -> list[str]:
    """Delete the text that git no longer has; give a note of how much that was."""
    gone = database.forget_missing(lambda oids: git.find_missing_objects(repo, oids))
    return [f"the text of {gone:,} contents that git no longer has is deleted"] if gone else []
