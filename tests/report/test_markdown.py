"""A verdict in Markdown, as GitHub's dialect of it is read."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from detent.report.markdown import escape_markup, render_summary

from .samples import HOSTILE, PLAIN, STEER

EXPECTED = """\
### detent: failed&#58; 1 new

Compared with abc (HEAD^).

| place | | | |
|---|---|---|---|
| src/a.py&#58;3 | PR01 | Parameter "b" is not documented | C.f |

1 fixed.
"""
READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def kinds(text: str) -> set[str]:
    """Give the kinds of all tokens, those inside lines too."""
    tokens = READER.parse(text)
    return {part.type for token in tokens for part in [token, *(token.children or [])]}


def test_a_table_of_what_is_new() -> None:
    assert render_summary([PLAIN[0], *PLAIN[3:]], "failed: 1 new", "abc (HEAD^)") == EXPECTED
    assert "|" not in render_summary(PLAIN[3:], "clean", "abc")


def test_nothing_in_it_is_markup() -> None:
    plain = kinds(render_summary(PLAIN, "failed", "abc"))
    text = render_summary(HOSTILE, STEER[9], STEER[10])
    assert kinds(text) == plain
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == len(HOSTILE) + 1
    assert {line.count("|") for line in rows} == {5}
    assert not re.search(r"www\.|://|@\w|#\d", re.sub(r"&#\d+;", "", text))


def test_what_is_escaped_reads_as_before() -> None:
    for text in STEER:
        shown = "".join(text.splitlines()).strip().replace("\x00", "")
        (_, inline, _) = READER.parse(f"x{escape_markup(shown)}x")
        assert "".join(part.content for part in inline.children or []) == f"x{shown}x"


def test_a_long_summary_is_cut_and_says_so() -> None:
    text = render_summary([PLAIN[0]] * 20_000, "failed", "abc")
    assert len(text.encode()) < 900_100
    left = re.search(r"and ([\d,]+) more findings", text)
    assert left is not None
    assert text.count("PR01") + int(left[1].replace(",", "")) == 20_000
