"""Answers about the graph of calls as text or JSON."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from detent import TYPE_CHECKING
from detent.cli.context import describe_view
from detent.cli.relation_output import encode_name, format_name
from detent.core.escape import clean_path
from detent.report import console, data, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from detent.api.graph_questions import ClusterList, CycleList, HotspotList
    from detent.api.impact import Impact
    from detent.api.relations import CodeName
    from detent.cli.context import Renderer

    Answered = ClusterList | CycleList | HotspotList | Impact

#: So many members of a cluster, and directories, are named in text.
_NAMED = 6


def render_impact(found: Impact, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    reaching = found.reaching
    return {
        "text": lambda: _render_impact(found, limit),
        "json": lambda: _render_json(
            "impact/1",
            found,
            roots=[encode_name(code) for code in found.roots],
            reaching=[
                {
                    **encode_name(x.code),
                    "hops": x.hops,
                    "through": encode_name(x.through),
                    "test": x.is_test,
                }
                for x in reaching[:limit]
            ],
        ),
    }


def _render_impact(found: Impact, limit: int | None) -> Iterator[str]:
    paint = console.make_painter()
    for reaching in islice(found.reaching, limit):
        mark = " [test]" if reaching.is_test else ""
        through = paint("dim", f" -> {format_name(reaching.through)}{mark}")
        yield f"{reaching.hops:>3}  {format_name(reaching.code)}{through}"
    yield from _describe_rest(len(found.reaching), limit)
    tests = {x.code.path for x in found.reaching if x.is_test}
    files = {x.code.path for x in found.reaching} - tests
    count = text.format_count(len(found.reaching), "definition")
    where = f"{text.format_count(len(files), 'file')} and {len(tests):,} of tests"
    about = text.format_count(len(found.roots), "definition")
    yield from _end(found, f"{count} in {where} reach {about}")


def render_cycles(found: CycleList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_cycles(found, limit),
        "json": lambda: _render_json(
            "cycles/1", found, cycles=[_encode_names(cycle) for cycle in found.cycles[:limit]]
        ),
    }


def _render_cycles(found: CycleList, limit: int | None) -> Iterator[str]:
    for cycle in islice(found.cycles, limit):
        yield " and ".join(map(format_name, cycle))
    yield from _describe_rest(len(found.cycles), limit)
    yield from _end(found, text.format_count(len(found.cycles), "cycle"))


def render_hotspots(found: HotspotList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_hotspots(found, limit),
        "json": lambda: _render_json(
            "hotspots/1",
            found,
            hotspots=[
                {**encode_name(x.code), **{name: getattr(x, name) for name in x._fields[1:]}}
                for x in found.hotspots[:limit]
            ],
        ),
    }


def _render_hotspots(found: HotspotList, limit: int | None) -> Iterator[str]:
    titles = ("score", "complexity", "callers", "callees", "commits", "function")
    rows = [
        [*(f"{value:,}" for value in (x.score, x.complexity, x.callers, x.callees, x.commits)),
         f"{clean_path(x.code.path)}:{x.line}:{x.code.name}"]
        for x in found.hotspots[:limit]
    ]  # fmt: skip
    yield from text.align_columns([titles, *rows], right=range(5))
    yield from _describe_rest(len(found.hotspots), limit)
    yield from _end(found, text.format_count(len(found.hotspots), "function"))


def render_clusters(found: ClusterList, limit: int | None) -> Mapping[str, Renderer]:
    """Give a renderer for each format."""
    return {
        "text": lambda: _render_clusters(found, limit),
        "json": lambda: _render_json(
            "clusters/1",
            found,
            clusters=[
                {"members": _encode_names(x.members), "inner": x.inner, "outer": x.outer}
                for x in found.clusters[:limit]
            ],
        ),
    }


def _render_clusters(found: ClusterList, limit: int | None) -> Iterator[str]:
    paint = console.make_painter()
    for cluster in islice(found.clusters, limit):
        count = text.format_count(len(cluster.members), "definition")
        yield paint("bold", f"{count}, {cluster.inner:,} calls inside, {cluster.outer:,} to others")
        files = Counter(code.path for code in cluster.members)
        for path, number in files.most_common(_NAMED):
            yield f"  {number:>4}  {clean_path(path)}"
        if len(files) > _NAMED:
            yield f"        and {text.format_count(len(files) - _NAMED, 'more file')}"
    yield from _describe_rest(len(found.clusters), limit)
    yield from _end(found, text.format_count(len(found.clusters), "cluster"))


def _describe_rest(count: int, limit: int | None) -> Iterator[str]:
    if limit is not None and count > limit:
        yield f"{count - limit:,} more: raise --limit, or name a --prefix"


def _end(found: Answered, count: str) -> Iterator[str]:
    yield from text.format_failures(found.failures)
    view = describe_view(found.view, found.tree, found.different)
    yield console.make_painter()("dim", f"{count} · {view}")


def _encode_names(names: Iterable[CodeName]) -> list[dict[str, str]]:
    return [encode_name(name) for name in names]


def _render_json(kind: str, found: Answered, **members: object) -> str:
    return data.render_json(
        kind,
        view=found.view,
        tree=found.tree,
        different=found.different,
        **members,
        failures=data.encode_failures(found.failures),
    )
