"""Compare the settings of a change with those of its base: what is looser, and where it is set.

Every setting is compared: by its kind where "stricter" has a meaning, else any change is reported.
So a setting that is added later is covered before anybody thinks of it.
"""

from __future__ import annotations

import json
import os
from types import MappingProxyType

from detent import TYPE_CHECKING, git
from detent.audit.codes import CODES
from detent.audit.selection.overrides import measure_longest_prefix
from detent.budget.policy import list_loosened_limits
from detent.config import RUN_SECONDS, is_directory_settings, load_directory_config
from detent.config.budget import Budget
from detent.config.values import SettingLocation
from detent.core.errors import UsageError
from detent.core.results import LoosenedSetting
from detent.index.project import make_directory_selections, make_selection
from detent.index.views import ATTRIBUTES_NAME, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from detent.audit.selection.select import Selection
    from detent.config import Config, Override

_SETTING, _BUDGET, _FILE = "setting loosened", "budget loosened", "no longer checked"
_LONGEST_VALUE = 120
_GATES = ("none", "new", "touched", "all")  # from loose to strict
_SEVERITIES = ("", "warning", "error")

#: Fields of `Config` that are no settings, or that are compared in another form.
_OTHER_FIELDS = frozenset(
    {"source", "codes", "notes", "written", "directory", "options"}
    | {"preset", "audit", "limits", "exemptions"}
)
#: Fields of `Selection` that are compared together: by what becomes of each rule and each kind.
_RULE_FIELDS = frozenset({"select", "ignore", "base", "severities"})
_KIND_FIELDS = frozenset({"missing", "numpydoc", "verbatim"})
#: By field, what it is called in numpydoc's settings or in detent's own, where the name differs.
_KEYS = MappingProxyType(
    {
        "exclude_names": "exclude",
        "docstring_overrides": "override_",
        "overrides": "override",
        "doc_decorators": "doc-decorators",
    }
)
#: Fields of `Override` that only say what it is for, or choose codes.
_SCOPE_FIELDS = frozenset({"paths", "kinds", "symbols", "decorators", "select", "ignore"})
_OVERRIDE_KEYS = (("override",), ("per-file-ignores",))
_NUMPYDOC_TABLES = (
    ("pyproject.toml", "tool.numpydoc_validation"),
    ("setup.cfg", "tool:numpydoc_validation"),
)


def _is_subset(old: Any, new: Any) -> bool:
    return set(new) <= set(old)


def _excludes_less(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return "**" in old or _is_subset(old, new)


def _has_stricter_overrides(old: tuple[Override, ...], new: tuple[Override, ...]) -> bool:
    """Tell whether nothing more is ignored, and nothing less selected, in the same order."""
    before, after = _list_scopes(old), _list_scopes(new)
    if any(scope not in before and _does_more_than_choose(scope) for scope in after):
        return False
    empty: tuple[set[str], set[str]] = set(), set()
    return [*filter(before.__contains__, after)] == [*filter(after.__contains__, before)] and all(
        before.get(scope, empty)[0] <= after.get(scope, empty)[0]
        and before.get(scope, empty)[1] >= after.get(scope, empty)[1]
        for scope in {*before, *after}
    )


def _list_scopes(overrides: tuple[Override, ...]) -> dict[Override, tuple[set[str], set[str]]]:
    """Give the codes that are selected and ignored, by what overrides are for."""
    found: dict[Override, tuple[set[str], set[str]]] = {}
    for override in overrides:
        selected, ignored = found.setdefault(
            override._replace(select=(), ignore=()), (set(), set())
        )
        selected.update(code for code in CODES if _fits(code, override.select))
        ignored.update(code for code in CODES if _fits(code, override.ignore))
    return found


def _does_more_than_choose(scope: Override) -> bool:
    """Tell whether an override has an effect besides the choice of codes."""
    return any(getattr(scope, name) for name in scope._fields if name not in _SCOPE_FIELDS)


def _fits(code: str, prefixes: tuple[str, ...]) -> bool:
    return measure_longest_prefix(code, prefixes) >= 0


def _has_fewer_patterns(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(_is_subset(old.get(name, ()), patterns) for name, patterns in new.items())


#: By field, whether a new value is at least as strict. Of a field that is not here, none is.
_STRICTER: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "gate": lambda old, new: _GATES.index(new) >= _GATES.index(old),
        "deadline": lambda old, new: (new or RUN_SECONDS) <= (old or RUN_SECONDS),
        "store": lambda _old, _new: True,  # each one gives the same answers
        "exclude": _excludes_less,
        "exclude_names": _is_subset,
        "exclude_files": _is_subset,
        "doc_decorators": _is_subset,
        "sections": _is_subset,
        "docstring_overrides": _has_fewer_patterns,
        "overrides": _has_stricter_overrides,
    }
)


def compare_settings(
    view: View, tree: str, *, before: Config, after: Config
) -> list[LoosenedSetting]:
    """List what is looser than in the settings and attributes of a tree."""
    top = view.repo.top
    old, new = make_directory_selections(before), make_directory_selections(after)
    found = [
        _make_setting(top, _locate_change(top, before, after, name=name), _SETTING, message=message)
        for name, message in (
            *_compare_fields(before, after, _OTHER_FIELDS),
            *_compare_selections((before, old), (after, new)),
        )
    ]
    limits = list_loosened_limits(
        Budget(before.limits, before.exemptions), Budget(after.limits, after.exemptions)
    )
    for place, message in limits:
        where = place or _locate_own_settings(top, before, after).at("budget")
        found.append(_make_setting(top, where, _BUDGET, message=message))
    directories = _list_changed_directories(view, tree)
    try:
        for directory in directories:
            _find_nearest_config(after, directory)
    except UsageError as error:
        return [*found, report_unreadable(error)]
    for directory in directories:
        found += _compare_directory(top, directory, before=before, after=after)
    return [*found, *_list_excused_files(view, tree, old=old, new=new)]


def _compare_selections(
    before: tuple[Config, Selection], after: tuple[Config, Selection]
) -> Iterator[tuple[str, str]]:
    """Compare what decides which findings count."""
    yield from _compare_rules(before, after)
    yield from _compare_kinds(before[1], after[1])
    yield from _compare_fields(before[1], after[1], _RULE_FIELDS | _KIND_FIELDS)


def _list_changed_directories(view: View, tree: str) -> list[str]:
    """List the directories below the root whose files of settings differ."""
    paths = [change.path for change in view.list_changes(tree)]
    found = {path.rpartition(b"/")[0] for path in paths if is_directory_settings(path)}
    return sorted(directory.decode("utf-8", "replace") for directory in found)


def _compare_directory(
    top: str, directory: str, *, before: Config, after: Config
) -> Iterator[LoosenedSetting]:
    """Compare the settings that apply in a directory, be they its own or those above."""
    old, new = (_find_nearest_config(config, directory) for config in (before, after))
    sides = (old, make_selection(old)), (new, make_selection(new))
    where = os.path.join(top, directory)  # noqa: PTH118
    for name, message in _compare_selections(*sides):
        place = _locate_change(where, old, new, name=name)
        yield _make_setting(top, place, _SETTING, message=message)


def _find_nearest_config(root: Config, directory: str) -> Config:
    parts = directory.split("/")
    inside = ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
    found = (load_directory_config(root, name) for name in inside)
    return next((config for config in found if config is not None), root)


def report_unreadable(error: UsageError) -> LoosenedSetting:
    """Report settings of a change that cannot be read, where those of the base are in use."""
    return LoosenedSetting(b"detent.toml", 1, _SETTING, f"cannot be read: {error.message}")


def _compare_fields(
    before: Config | Selection, after: Config | Selection, others: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Compare the fields that have a meaning by themselves; give keys, and what has changed."""
    for name in after._fields:
        old, new = getattr(before, name), getattr(after, name)
        if name in others or old == new:
            continue
        is_stricter = _STRICTER.get(name)
        if is_stricter is None or not is_stricter(old, new):
            key = _KEYS.get(name, name)
            if name == "overrides":
                old, new = (
                    [override._asdict() for override in side if override not in other]
                    for side, other in ((old, new), (new, old))
                )
            yield name, f"{key.rstrip('_')}: {_format_value(old)} -> {_format_value(new)}"


def _compare_rules(
    before: tuple[Config, Selection], after: tuple[Config, Selection]
) -> Iterator[tuple[str, str]]:
    """Compare what becomes of each rule where no override names it."""
    (old_config, old), (new_config, new) = before, after
    lowered: dict[tuple[str, str], list[str]] = {}
    for code in sorted(CODES):
        grades = _grade_rule(old, code), _grade_rule(new, code)
        if _SEVERITIES.index(grades[1]) < _SEVERITIES.index(grades[0]):
            lowered.setdefault(grades, []).append(code)
    for (_, grade), codes in lowered.items():
        if grade:
            values = _format_value(old.severities), _format_value(new.severities)
            name, what = "severity", "only warnings now"
        else:
            name = "preset"
            if set(new.ignore) - set(old.ignore):
                name = "ignore"
            elif old.select != new.select:
                name = "select"
            sides = (old_config, new_config) if name == "preset" else (old, new)
            values = _format_value(getattr(sides[0], name)), _format_value(getattr(sides[1], name))
            what = "no longer checked"
        yield name, f"{name}: {values[0]} -> {values[1]}: {what}: {_format_value(codes)}"


def _grade_rule(selection: Selection, code: str) -> str:
    return selection.get_severity(code) if selection.is_selected(code) else ""


def _compare_kinds(old: Selection, new: Selection) -> Iterator[tuple[str, str]]:
    """Compare which kinds of symbols need a docstring."""
    lost = old.find_table(()).documented_roles - new.find_table(()).documented_roles
    if lost := lost | (old.addition_roles - new.addition_roles):
        values = _format_value(sorted(old.missing)), _format_value(sorted(new.missing))
        kinds = _format_value(sorted(lost))
        yield "missing", f"missing: {values[0]} -> {values[1]}: needs no docstring now: {kinds}"


def _list_excused_files(
    view: View, tree: str, *, old: Selection, new: Selection
) -> Iterator[LoosenedSetting]:
    """List the files that the settings or attributes of the tree do not excuse."""
    paths = view.list_entries().keys()
    own = View(view.repo._replace(attributes_tree=""), view.name)
    generated = own.generated_or_vendored(paths)
    was_generated = git.generated_or_vendored(view.repo, generated, tree=tree)
    if generated - was_generated:
        yield from _list_new_attributes(own, tree)
    for path in sorted(paths):
        name = path.decode("utf-8", "replace")
        if path in was_generated or old.explain_exclusion(name):
            continue
        reason = new.explain_exclusion(name)
        if not reason and path in generated:
            reason = ".gitattributes calls it generated or vendored"
        if reason:
            yield LoosenedSetting(path, 1, _FILE, reason)


def _list_new_attributes(view: View, tree: str) -> Iterator[LoosenedSetting]:
    """List the lines about generated or vendored files that the tree does not have."""
    changes = [
        change
        for change in view.list_changes(tree)
        if change.path.rpartition(b"/")[2] == ATTRIBUTES_NAME
    ]
    for change in changes:
        before, after = (_read_lines(view, oid) for oid in (change.old, change.new))
        for number, line in enumerate(after, 1):
            if b"linguist-" in line and line not in before:
                text = f"attributes: {line.strip().decode('utf-8', 'backslashreplace')}"
                yield LoosenedSetting(change.path, number, _SETTING, text[:_LONGEST_VALUE])


def _read_lines(view: View, oid: str | None) -> list[bytes]:
    contents = dict(git.read_blobs(view.repo, [oid] if oid else []))
    return (contents.get(oid or "") or b"").splitlines()


def _locate_change(top: str, before: Config, after: Config, *, name: str) -> SettingLocation:
    """Find the place of a changed setting, in detent's settings or in those of numpydoc."""
    own, key = _locate_own_settings(top, before, after), _KEYS.get(name, name)
    tables = [SettingLocation(f"{top}/{file}", table) for file, table in _NUMPYDOC_TABLES]
    places = [
        *(_list_changed_overrides(before, after) if name == "overrides" else ()),
        *(own.at(word) for word in (key.replace("_", "-"), key)),
        *(table.at(word) for table in tables for word in (key, "checks")),
    ]
    return next(filter(_is_written, places), own)


def _list_changed_overrides(before: Config, after: Config) -> list[SettingLocation]:
    known = {(place.keys, codes) for place, codes in before.codes}
    return [
        place
        for place, codes in after.codes
        if place.keys[:1] in _OVERRIDE_KEYS and (place.keys, codes) not in known
    ]


def _is_written(place: SettingLocation) -> bool:
    """Tell whether a setting has a line of its own, and not only the heading above it."""
    line = place.find_line()
    return line is not None and line != place._replace(keys=()).find_line()


def _locate_own_settings(top: str, before: Config, after: Config) -> SettingLocation:
    """Give the place of detent's settings; where they are gone, the one that they had."""
    if (after.source or before.source).partition(" ")[0].endswith("pyproject.toml"):
        return SettingLocation(f"{top}/pyproject.toml", "tool.detent")
    return SettingLocation(f"{top}/detent.toml")


def _make_setting(top: str, place: SettingLocation, kind: str, *, message: str) -> LoosenedSetting:
    path = os.path.relpath(place.file, top).replace(os.sep, "/")
    return LoosenedSetting(os.fsencode(path), place.find_line() or 1, kind, message)


def _format_value(value: object) -> str:
    """Write a value as settings have it, cut to a length that fits a line."""
    if isinstance(value, str):
        return value
    text = "not set" if value is None else json.dumps(value, default=_convert_value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _convert_value(value: Any) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else dict(value)
