"""Rules about the summary and the extended summary: SS, ES and DT601."""

from __future__ import annotations

import re
from functools import cache

from detent import TYPE_CHECKING
from detent.audit.parse.sentences import (
    begins_with_name,
    ends_sentence,
    find_infinitive,
    has_capital,
    needs_capital_letter,
)
from detent.audit.parse.styles import find_other_style
from detent.audit.rule import Mark, Target, register_rule
from detent.core.escape import quote_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = "(?:function|method|routine|subroutine)"
_SORTS = (
    "auxiliary|convenience|core|generic|helper|internal|little|low-level|main|private|public"
    "|shared|simple|small|special|utility|wrapper"
)
_WORDS = ("function", "method", "routine", "this ")


@register_rule("SS01", "No summary")
def _find_missing_summary(target: Target) -> Iterator[Mark]:
    """Find docstrings without a summary.

    Notes
    -----
    Lists, tooltips and indexes show the summary.

    Examples
    --------
    Instead of beginning with the title ``Parameters``, say in one line what the function does.
    """
    if not target.doc.headline:
        yield Mark(target.doc.start, "", "No summary at the beginning")


@register_rule("SS02", "Summary does not start with a capital letter")
def _find_lowercase_summary(target: Target) -> Iterator[Mark]:
    """Find summaries that begin with a small letter, in scripts that have capital letters.

    Notes
    -----
    A summary is a sentence, and lists show it among other sentences.

    Examples
    --------
    Instead of ``return the mean.``, write ``Return the mean.``
    """
    if needs_capital_letter(target.doc.headline):
        message = "Summary does not start with a capital letter"
        cannot = not has_capital(target.doc.headline) or begins_with_name(
            target.doc.headline, target.known_names
        )
        yield Mark(target.doc.start, "", message, numpydoc_only=cannot)


@register_rule("SS03", "Summary does not end with a period")
def _find_summary_without_period(target: Target) -> Iterator[Mark]:
    """Find summaries that do not end with a period.

    The signs that end a sentence in other scripts, ``?`` and ``!`` count as well, also inside of
    brackets. numpydoc counts only the period.

    Notes
    -----
    Without a period, readers cannot tell whether the sentence is complete or goes on below.

    Examples
    --------
    Instead of ``Return the mean``, write ``Return the mean.``
    """
    first, last = target.doc.summary
    if last > first and target.doc.text.bare[last - 1][-1] != ".":
        line = target.doc.text.bare[last - 1]
        place = (last - 1, target.doc.text.indents[last - 1] + len(line) - 1)
        message = "Summary does not end with a period"
        is_sentence = ends_sentence(line) or _is_other_style_in_summary(target)
        yield Mark(place, "", message, numpydoc_only=is_sentence)


def _is_other_style_in_summary(target: Target) -> bool:
    """Whether the paragraph of the summary goes on with fields, or with a title of Google's."""
    style = find_other_style(target.doc)
    return style is not None and style[0] < target.doc.summary[1]


@register_rule("SS04", "Summary is indented")
def _find_indented_summary(target: Target) -> Iterator[Mark]:
    """Find summaries that are indented more than the rest.

    Notes
    -----
    reStructuredText shows an indented paragraph as a quotation.

    Examples
    --------
    Instead of indenting the summary more than ``Parameters``, give both the same margin.
    """
    if target.doc.headline[:1].isspace():
        yield Mark(target.doc.start, "", "Summary is indented more than the rest")


@register_rule("SS05", "Summary starts with a verb in the third person")
def _find_third_person(target: Target) -> Iterator[Mark]:
    """Find summaries of functions that begin with a verb in the third person.

    The rule knows a list of verbs: ``Axis`` and ``Always`` end in "s" too and are no verbs.

    Notes
    -----
    Write summaries in the imperative, consistently.

    Examples
    --------
    Instead of ``Returns the mean.``, write ``Return the mean.``
    """
    word = target.doc.headline.partition(" ")[0]
    if not word.endswith("s") or not target.is_function:
        return
    verb = find_infinitive(word)
    if verb:
        message = f"Summary starts with {quote_name(word)}; write {quote_name(verb)}"
        yield Mark(target.doc.start, "", message)


@register_rule("SS06", "Summary does not fit in one line")
def _find_long_summary(target: Target) -> Iterator[Mark]:
    """Find summaries that take more than one line.

    Notes
    -----
    Lists and indexes have one line for the summary.

    Examples
    --------
    Instead of a first paragraph of three lines, write one short sentence, a blank line, and the
    rest.
    """
    first, last = target.doc.summary
    if last - first > 1:
        second = first + 1
        place = (second, target.doc.text.indents[second])
        is_styled = _is_other_style_in_summary(target)
        yield Mark(place, "", "Summary does not fit in one line", numpydoc_only=is_styled)


@register_rule("ES01", "No extended summary")
def _find_missing_extended_summary(target: Target) -> Iterator[Mark]:
    """Find docstrings without text between the summary and the first section.

    The rule skips modules. Off by default: for most functions the summary is enough, and more text
    would be filler.

    Examples
    --------
    After ``Return the mean.`` describe the mean of an empty list.
    """
    doc = target.doc
    if target.symbol.kind == "module" or doc.extended_summary[0] < doc.extended_summary[1]:
        return
    if doc.summary[1] - doc.summary[0] <= 1:
        yield Mark(doc.start, "Extended Summary", "No extended summary")


@register_rule("DT601", 'Summary begins with "This function" or the like')
def _find_self_description(target: Target) -> Iterator[Mark]:
    """Find summaries of functions that begin with "This function", "Function to" and the like.

    Notes
    -----
    Readers know that it is a function. In a list of functions every line would begin alike, with
    the words that matter at the end.

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
    """Compile the beginnings of such summaries, when first needed: it takes long."""
    return re.compile(
        rf"This (?:(?:{_SORTS}) )?(?:{_KINDS}|class|constructor|decorator|generator|property)\b"
        rf"|(?:(?:An?|The) )?(?:(?:{_SORTS}) )?{_KINDS},? (?:that|which|to|for)\b",
        re.IGNORECASE,
    )
