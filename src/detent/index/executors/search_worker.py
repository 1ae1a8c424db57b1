"""A worker process that applies one regular expression to one chunk of files after the other."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress

from detent.core.errors import UsageError
from detent.query.text.expressions import ParsedExpression
from detent.query.text.lines import add_context, decode_lines


def serve() -> None:
    """Work until standard input ends, as it does when the process at its other end is gone."""
    with os.fdopen(0, "rb") as source, os.fdopen(1, "wb") as target:

        def answer(value: object) -> None:
            pickle.dump(value, target, pickle.HIGHEST_PROTOCOL)
            target.flush()

        with suppress(EOFError, BrokenPipeError):
            expression, context = pickle.load(source)  # noqa: S301
            try:
                find_matches = ParsedExpression(expression).make_finder()
            except UsageError as error:
                answer((error.message, error.hint))
                os._exit(0)
            answer(None)
            while True:
                texts = map(decode_lines, pickle.load(source))  # noqa: S301
                answer([list(add_context(find_matches(x), x, context)) for x in texts])
    os._exit(0)
