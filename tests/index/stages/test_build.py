"""The audit of real builds: what is written, and that it says when two builds differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detent import git
from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey
from detent.index.handle import Index, list_fact_versions
from detent.index.refresh import refresh_view
from detent.index.stages import record
from detent.index.stages.build import BuildAudit
from detent.index.stages.comparison import compare_records
from detent.index.views import View
from detent.store import MEMORY, default_index_path, open_store

if TYPE_CHECKING:
    from conftest import Cli, Sandbox
    from detent.core.model import FileFacts
    from detent.core.results import RefreshResult

BODY = "\n\n".join(f'def f{n}(x):\n    """Do {n}."""\n    return g{n}(x)' for n in range(40))


def fill(repo: Sandbox, count: int = 200) -> None:
    files = {f"m{n}.py": f"import os\n# {n}\n{BODY}\n" for n in range(count)}
    repo.commit(**files, **{"broken.py": "def f(:\n", "copy.py": files["m0.py"]})


def built(repo: Sandbox, index: Index, jobs: int = 1, view: str = "staged") -> RefreshResult:
    return refresh_view(index, View(git.discover_repo(str(repo.path), repo.env), view), jobs=jobs)


def audits(index: Index) -> list[dict[str, Any]]:
    return record.load_builds(record.choose_audit_folder(index.path))


def newest(index: Index) -> Path:
    """Give the file of the last build."""
    return max(Path(index.path).parent.glob("metrics/stage-audit-code-*.json"))


def altered(index: Index, stage: str, name: str) -> None:
    """Let the earlier build have made something else."""
    found = json.loads(newest(index).read_text())
    found["orderingLedger"]["stages"][stage]["artifacts"][name]["hash"] = "0" * 32
    newest(index).write_text(json.dumps(found))


def test_an_audit_has_what_every_stage_took(repo: Sandbox, kept: Index) -> None:
    fill(repo)
    built(repo, kept)
    (audit,) = audits(kept)
    beside = Path(kept.path).parent
    assert json.loads((beside / "metrics/stage-audit-code.json").read_text()) == audit
    assert audit["mode"] == "code"
    points = audit["checkpoints"]
    assert [point["elapsedMs"] for point in points] == sorted(
        point["elapsedMs"] for point in points
    )
    steps = [(point["stage"], point["step"]) for point in points]
    assert steps[:2] == [("stage1", "discovery"), ("stage4", "start")]
    assert steps[-3:] == [("stage1", "imports"), ("stage2", "relations"), ("stage4", "build")]
    pairs = steps[2:-3]
    assert pairs == [("stage1", "processing"), ("stage2", "write")] * (len(pairs) // 2)
    assert sum(stage["checkpointCount"] for stage in audit["stages"].values()) == len(points)
    total = sum(stage["elapsedMs"] for stage in audit["stages"].values())
    assert total == pytest.approx(points[-1]["elapsedMs"], abs=0.01)
    assert all(point["memory"]["rssPeak"] >= point["memory"]["rss"] > 0 for point in points)
    assert audit["highWater"]["rssPeak"] == max(
        stage["memoryHighWater"]["rssPeak"] for stage in audit["stages"].values()
    )
    saved = json.loads((beside / "build_state.json").read_text())
    assert saved["stageCheckpoints"] == {"code": points}
    assert saved["orderingLedger"] == audit["orderingLedger"]


def test_the_counters_are_those_of_what_was_stored(repo: Sandbox, kept: Index) -> None:
    fill(repo)
    done = built(repo, kept)
    counted = audits(kept)[0]["highWater"]["extra"]
    facts = [
        file_facts
        for _, file_facts in kept.open_reader().load_facts(
            set(entries(kept, done).values()), full=True
        )
    ]
    assert counted["changed"] == 202
    assert counted["blobs"] == counted["parses"] == len(facts) == 201
    for name in ("symbols", "calls", "bindings", "findings"):
        assert counted[name] == sum(len(getattr(file_facts, name)) for file_facts in facts)
    assert counted["bytes"] == sum(file_facts.size for file_facts in facts)
    parts = (
        len(file_facts.symbols) + len(file_facts.calls) + len(file_facts.bindings)
        for file_facts in facts
    )
    assert counted["rows"] == 201 + sum(parts) + counted["findings"]
    assert counted["syntaxErrors"] == 1
    assert counted["nodes"] > counted["symbols"]
    repo.write("m0.py", "x = 1\n")
    repo.git("add", "-A")
    built(repo, kept)
    assert audits(kept)[0]["checkpoints"][0]["extra"] == {
        "changed": 1, "deleted": 0, "unknown": 1, "cacheHits": 0,
    }  # fmt: skip
    assert audits(kept)[0]["checkpoints"][-1]["step"] == "incremental-update"


def entries(index: Index, done: RefreshResult) -> dict[bytes, BlobKey]:
    view = index.open_reader().load_view(done.name, None)
    assert view is not None
    return view.entries


@pytest.mark.parametrize("jobs", [(1, 1), (1, 2), (2, 2)])
def test_two_builds_of_one_input_are_equal(
    repo: Sandbox, kept: Index, jobs: tuple[int, int]
) -> None:
    fill(repo)
    for count in jobs:
        kept.delete_files()
        done = built(repo, kept, jobs=count)
    assert done.unequal == []
    newer, older = audits(kept)
    found = compare_records(older, newer)
    assert found.comparable
    assert (found.counters, found.unequal) == ({}, [])
    steps = [
        [(p["stage"], p["step"], without_queue(p)) for p in a["checkpoints"]]
        for a in (newer, older)
    ]
    assert steps[0] == steps[1]
    workers = newer["highWater"]["workers"]
    assert workers["count"] in ((0,) if jobs[1] == 1 else (1, 2))  # one may do it all
    assert (workers["rssPeak"] is None) == (jobs[1] == 1)


def without_queue(point: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in point["extra"].items() if name != "queue"}


def test_another_input_is_not_compared(repo: Sandbox, kept: Index) -> None:
    fill(repo, 3)
    assert built(repo, kept).unequal is None
    altered(kept, "stage1:code", "facts")
    repo.write("m0.py", "x = 1\n")
    repo.git("add", "-A")
    kept.delete_files()
    assert built(repo, kept).unequal is None
    assert kept.notes == []


def test_a_build_is_compared_with_the_last_of_the_same_input(repo: Sandbox, kept: Index) -> None:
    fill(repo, 3)
    built(repo, kept)
    altered(kept, "stage2:code", "rows")
    repo.write("m0.py", "x = 1\n")
    repo.git("add", "-A")
    built(repo, kept)  # something else in between
    repo.git("reset", "-q", "--hard")
    kept.delete_files()
    assert built(repo, kept).unequal == ["stage2:code rows"]
    kept.delete_files()
    assert built(repo, kept).unequal == []


def test_a_file_that_changes_while_others_are_read_is_no_other_outcome(
    repo: Sandbox, kept: Index
) -> None:
    repo.commit(note="x")
    names = ["a.py", "b.py", "c.py"]
    for name in names:
        repo.write(name, f"{BODY}\n# {name}\n")
    repo.git("add", "-A")
    second = sorted(names, key=lambda name: repo.git("rev-parse", f":{name}"))[1]
    found = git.discover_repo(str(repo.path), repo.env)
    assert (
        refresh_view(kept, View(found, "worktree"), jobs=1).unequal is None
    )  # there was none before

    def change(done: int, of: int) -> None:
        repo.write(second, "changed = 1\n")

    kept.delete_files()
    assert refresh_view(kept, View(found, "worktree"), jobs=1, progress=change).unequal is None
    assert Path(kept.path).parent.joinpath("build_state.json").exists()


# ---- planted: the same input, and something came out otherwise


def shuffled(facts: FileFacts) -> FileFacts:
    return facts._replace(findings=facts.findings[::-1])


def renamed(facts: FileFacts) -> FileFacts:
    module, *rest = facts.symbols
    return facts._replace(symbols=(module, *(symbol._replace(uses="z a") for symbol in rest)))


def uncalled(facts: FileFacts) -> FileFacts:
    return facts._replace(calls=facts.calls[1:])


def turned(batch: list[tuple[BlobKey, FileFacts]]) -> list[tuple[BlobKey, FileFacts]]:
    return batch[::-1]


def each(change: Any) -> Any:
    return lambda batch: [(key, change(facts)) for key, facts in batch]


@pytest.mark.parametrize(
    ("plant", "unequal"),
    [
        (list, []),
        (turned, ["stage1:code facts", "stage2:code rows"]),
        (each(shuffled), ["stage1:code facts"]),
        (each(renamed), ["stage1:code facts"]),
        (each(uncalled), ["stage1:code facts", "stage2:code rows"]),
    ],
)
def test_what_comes_out_otherwise_is_found(tmp_path: Path, plant: Any, unequal: list[str]) -> None:
    source = b"import os\n\ndef f(a):\n    '''do'''\n    g(a); h()\n\ndef k(b): pass\n"
    batch = [(BlobKey(f"{n:040}", "python"), analyze_file(source + b"# %d" % n)) for n in range(3)]
    place = str(tmp_path / "x.sqlite")
    for passed in (list(batch), plant(batch)):
        store = open_store(MEMORY, write=True, versions=list_fact_versions())
        build = BuildAudit(0.0, {}, deleted=[], unknown=[key for key, _ in batch])
        with store.open_session() as session:
            build.attach_session(session).persist(list(build.watch_outcomes(iter(passed))))
            build.publish(publication())
        found = build.finish_audit(place)
        store.close()
    assert found == unequal
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.sqlite-stages"]


def publication() -> Any:
    from detent.store.protocol import ViewUpdate

    return ViewUpdate("v", "t", 0, "", {}, [], {}, [])


def test_a_planted_difference_warns_and_fails_where_asked(
    repo: Sandbox, cli: Cli, kept: Index
) -> None:
    fill(repo, 3)
    assert cli("index", "--validate-ordering").status == 0
    assert "no ordering was validated" in cli("index", "--validate-ordering").err
    plain = cli("index", "--full", "--validate-ordering")
    assert (plain.status, plain.err) == (0, "")
    altered(kept, "stage1:code", "facts")
    warned = cli("index", "--full")
    assert warned.status == 0
    assert "differs from an earlier one of the same input in stage1:code facts" in warned.err
    altered(kept, "stage1:code", "facts")
    failed = cli("index", "--full", "--validate-ordering", "--format", "json")
    assert failed.status == 1
    assert json.loads(failed.out)["unequal"] == ["stage1:code facts"]


# ---- a build is as good without its audit


def test_an_audit_that_cannot_be_written_costs_nothing(repo: Sandbox, kept: Index) -> None:
    fill(repo, 3)
    built(repo, kept)
    folder = Path(kept.path).parent
    for path in (folder / "metrics").iterdir():
        path.unlink()
    (folder / "metrics").rmdir()
    (folder / "metrics").write_text("in the way")
    kept.delete_files()
    done = built(repo, kept)
    assert done.analyzed == 4
    assert done.unequal is None
    assert (folder / "metrics").read_text() == "in the way"


@pytest.mark.parametrize(
    ("change", "unequal"),
    [
        ("", None),
        ("[]", None),
        ("[" * 100_000, None),
        ({"checkpoints": [3]}, None),
        ({"orderingLedger": 3}, None),
        ({"orderingLedger": {"seeds": {"mode": "code"}}}, None),
        ({"orderingLedger": {"stages": {}}}, ["stage1:code facts", "stage2:code rows"]),
        (
            {"orderingLedger": {"stages": {"stage1:code": {"artifacts": 3}, "b": 2}}},
            ["stage1:code facts", "stage2:code rows"],
        ),
    ],
)
def test_a_damaged_record_is_passed_over(
    repo: Sandbox, kept: Index, change: Any, unequal: list[str] | None
) -> None:
    fill(repo, 3)
    built(repo, kept)
    (found,) = audits(kept)
    if isinstance(change, dict):
        if isinstance(ledger := change.get("orderingLedger"), dict):
            change = {"orderingLedger": {**found["orderingLedger"], **ledger}}
        change = json.dumps({**found, **change})
    newest(kept).write_text(change)
    kept.delete_files()
    assert built(repo, kept).unequal == unequal
    kept.delete_files()
    assert built(repo, kept).unequal == []


def test_what_ends_a_build_is_in_its_audit(repo: Sandbox, kept: Index) -> None:
    fill(repo, 80)

    def stop(done: int, of: int) -> None:
        if done == 70:
            raise KeyboardInterrupt

    found = git.discover_repo(str(repo.path), repo.env)
    with pytest.raises(KeyboardInterrupt):
        refresh_view(kept, View(found, "staged"), jobs=1, progress=stop)
    (audit,) = audits(kept)
    last = audit["checkpoints"][-1]
    assert (last["step"], last["extra"]) == ("error", {"error": "KeyboardInterrupt"})
    assert "orderingLedger" not in audit
    assert built(repo, kept).unequal is None


def test_files_that_cannot_be_read_make_no_ledger(repo: Sandbox, kept: Index) -> None:
    fill(repo, 3)
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},gone.py")
    done = built(repo, kept)
    assert list(done.failures) == [b"gone.py"]
    assert "orderingLedger" not in audits(kept)[0]
    assert audits(kept)[0]["highWater"]["extra"]["failed"] == 1


def test_only_builds_leave_audits_and_only_the_last(repo: Sandbox, kept: Index) -> None:
    fill(repo, 3)
    for number in range(record.KEPT_BUILDS + 3):
        repo.commit("next", **{"m0.py": f"x = {number}\n"})
        built(repo, kept)
        built(repo, kept)
    assert len(audits(kept)) == record.KEPT_BUILDS
    names = [audit["buildId"] for audit in audits(kept)]
    repo.git("checkout", "-q", "HEAD~2")
    assert built(repo, kept).changed == 1
    assert [audit["buildId"] for audit in audits(kept)] == names
    assert len(list((Path(kept.path).parent / "metrics").iterdir())) == record.KEPT_BUILDS + 1


def test_nothing_is_kept_of_an_index_in_memory(repo: Sandbox, index: Index) -> None:
    fill(repo, 3)
    done = built(repo, index)
    assert (done.unequal, done.analyzed) == (None, 4)
    assert not (repo.path / ".git/detent").exists()


def test_a_store_that_a_person_named_has_its_audits_beside_it(
    repo: Sandbox, tmp_path: Path
) -> None:
    fill(repo, 3)
    (tmp_path / "build_state.json").write_text("a person's own")
    index = Index(str(tmp_path / "mine.sqlite"))
    built(repo, index)
    index.close()
    assert (tmp_path / "build_state.json").read_text() == "a person's own"
    assert len(audits(index)) == 1
    assert (tmp_path / "mine.sqlite-stages/build_state.json").exists()
    assert not Path(default_index_path(str(repo.path / ".git"))).parent.exists()
