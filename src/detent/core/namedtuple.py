"""Named tuples as `typing` has them, at a tenth of the cost of defining one.

`typing.NamedTuple` compiles every annotation, and a constructor for every class: 0.2 ms for each. A
hook that judges three files defines seventy and makes many of a few: that was a tenth of its time.
Here annotations stay strings, and only a class that is called often gets a constructor of its own.
A protocol is one for type checkers only.
"""

from __future__ import annotations

from detent import TYPE_CHECKING

__all__ = ["NamedTuple", "Protocol"]

if TYPE_CHECKING:
    from typing import NamedTuple, Protocol
else:
    from operator import itemgetter

    try:
        from _collections import _tuplegetter  # what `collections.namedtuple` takes
    except ImportError:  # pragma: no cover, on other interpreters

        def _tuplegetter(position, doc):
            return property(itemgetter(position), doc=doc)

    _new = tuple.__new__
    # Compiling a constructor takes as long as so many calls without one.
    _OFTEN = 20

    class _Fields(tuple):
        """What all of them have, by the names that `collections.namedtuple` gives it."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, iterable):
            made = _new(cls, iterable)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes):
            made = _new(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"Got unexpected field names: {list(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            fields = map("{}={!r}".format, self._fields, self)
            return f"{type(self).__name__}({', '.join(fields)})"

    class _Maker(type):
        """Makes a class of tuples out of a class of annotations."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            wanted = set(fields)
            defaults = {field: namespace[field] for field in fields if field in namespace}
            namespace |= {
                field: _tuplegetter(position, f"Alias for field number {position}")
                for position, field in enumerate(fields)
            }
            namespace |= {"__slots__": (), "__match_args__": fields, "_fields": fields}

            ends = tuple(defaults.values())
            calls, count, least = 0, len(fields), len(fields) - len(ends)

            def slow(cls, /, *args, **kwargs):
                nonlocal calls
                calls += 1
                if not kwargs and least <= len(args) <= count and calls < _OFTEN:
                    return _new(cls, args + ends[len(args) - least :])
                given = {**defaults, **dict(zip(fields, args, strict=False)), **kwargs}
                unclear = len(args) + len(kwargs) > count or kwargs.keys() & fields[: len(args)]
                if calls < _OFTEN and given.keys() == wanted and not unclear:
                    return _new(cls, map(given.__getitem__, fields))
                names = "".join(f"{field}, " for field in fields)
                # Names of this very program: no input comes here.
                made.__new__ = quick = eval(  # noqa: S307
                    f"lambda _cls, {names}: _new(_cls, ({names}))", {"_new": _new}
                )
                quick.__defaults__ = ends
                return quick(cls, *args, **kwargs)

            made = type(name, (_Fields,), {**namespace, "__new__": slow})
            return made

    class NamedTuple(metaclass=_Maker):
        """The base to name."""

    Protocol = object
