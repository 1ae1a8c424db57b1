"""The settings that apply to a path, and where each of them comes from."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.config import ROOT_KEYS, audit, is_directory_settings, load_directory_config
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.audit.selection.select import Selection
    from detent.config import Config
    from detent.index.project import Project
    from detent.index.views import View

DEFAULT = "default"
#: The settings that a table of numpydoc replaces.
_TRANSLATED = ("preset", "select", "ignore", "exclude")


class Setting(NamedTuple):
    """A setting that applies to a path.

    Attributes
    ----------
    name : str
        Its key; keys of numpydoc's table begin with ``numpydoc.``.
    value : object
        Its value: a string, a number, a list or a dict; None where there is none.
    source : str
        The file, the line and the table that set it, or ``default``.
    """

    name: str
    value: object
    source: str


class PathSettings(NamedTuple):
    """The settings that apply to a path.

    Attributes
    ----------
    path : str
        The path from the root of the repository; empty for the root.
    directory : str
        The directory that the settings are from; empty for the root.
    exclusion : str
        Why the path is not audited; empty if it is.
    settings : list of Setting
        Every setting, those of the whole repository last.
    directories : list of str
        All directories of the repository that have settings of their own.
    """

    path: str
    directory: str
    exclusion: str
    settings: list[Setting]
    directories: list[str]


def explain_settings(project: Project, view: View, path: bytes) -> PathSettings:
    """Collect the settings of a file or a directory."""
    shown = path.decode("utf-8", "replace")
    is_directory = os.path.isdir(os.path.join(os.fsencode(view.repo.top), path))  # noqa: PTH112, PTH118
    config, root = project.config, project.selection
    named = f"{shown}/" if shown and is_directory else shown
    selection, inside = root.find_nearest(named)
    directory = named.removesuffix(inside).rstrip("/")
    own = load_directory_config(config, directory) if directory else None
    settings = [*_list_audit_settings(own or config, selection), *_list_root_settings(config)]
    directories = _list_directories(root, view)
    return PathSettings(shown, directory, root.explain_exclusion(named), settings, directories)


def _list_audit_settings(config: Config, selection: Selection) -> Iterator[Setting]:
    written = dict(_list_written(config))
    numpydoc = [setting for name, setting in written.items() if name.startswith("numpydoc.")]
    defaults: dict[str, object] = {
        "preset": config.preset,
        "select": selection.base if selection.select is None else selection.select,
        "ignore": selection.ignore,
        "missing": sorted(selection.missing),
        "exclude": selection.exclude,
        "per-file-ignores": {},
        "severity": {},
    }
    for name in audit.KEYS:
        default = numpydoc[0].source if numpydoc and name in _TRANSLATED else DEFAULT
        if name == "select" and selection.select is None:
            default = f"preset {config.preset!r}"
        yield written.get(name) or Setting(name, _make_plain(defaults.get(name, [])), default)
    yield from numpydoc


def _list_root_settings(config: Config) -> Iterator[Setting]:
    written = dict(_list_written(config))
    defaults: dict[str, object] = {
        "gate": config.gate,
        "engine": config.engine,
        "budget": {},
        "deadline": None,
        "store": config.store,
    }
    for name in ROOT_KEYS:
        yield written.get(name) or Setting(name, defaults[name], DEFAULT)


def _list_written(config: Config) -> Iterator[tuple[str, Setting]]:
    for place, value in config.written:
        name = str(place.keys[-1])
        name = f"numpydoc.{name}" if place.table.endswith("numpydoc_validation") else name
        yield name, Setting(name, _make_plain(value), place.format_with_line())


def _make_plain(value: object) -> object:
    """Reduce a value to what JSON has."""
    if isinstance(value, dict):
        return {key: _make_plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_make_plain(member) for member in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _list_directories(root: Selection, view: View) -> list[str]:
    """List the directories that have settings of their own, as far as git knows their files."""
    paths = [
        path.decode("utf-8", "replace") for path in view.list_files() if is_directory_settings(path)
    ]
    directories = {path.rpartition("/")[0] for path in paths}
    return sorted(
        directory for directory in directories if root.find_nearest(f"{directory}/")[1] == ""
    )
