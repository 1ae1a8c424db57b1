"""Signals end a query of SQLite too, which otherwise returns to Python only with a row."""

from __future__ import annotations

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class StepWatch:
    """Called by SQLite while it works; an exception there stops the query.

    SQLite drops the exceptions of what it calls, and the handler of a signal may raise where a
    function begins. A generator goes on inside its ``try``, so none of them is lost.
    """

    def __init__(self, is_over: Callable[[], bool] = bool) -> None:
        self._caught: BaseException | None = None
        self._answers = self._answer(is_over)
        next(self._answers)
        #: Takes nothing; true stops the query.
        self.handle_step = self._answers.__next__

    def _answer(self, is_over: Callable[[], bool]) -> Iterator[bool]:
        while True:
            try:
                while True:
                    yield is_over()
            except GeneratorExit:
                return
            except BaseException as error:
                self._caught = error
                yield True

    def raise_caught(self) -> None:
        """Raise the exception that has stopped the query, if one has."""
        caught, self._caught = self._caught, None
        if caught is not None:
            raise caught
