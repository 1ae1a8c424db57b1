"""A cache that is bounded by bytes, entries and age, against a plain model."""

from __future__ import annotations

import random
import threading

import pytest

from detent.core.hot_cache import HotCache


def test_the_least_used_goes_first() -> None:
    cache = HotCache(most_entries=2)
    cache.set("a", 1, 10)
    cache.set("b", 2, 10)
    assert cache.get("a") == 1
    cache.set("c", 3, 10)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]
    assert cache.statistics == (3, 1, 1, 2, 20)


def test_bytes() -> None:
    cache = HotCache(most_bytes=100)
    cache.set("a", 1, 60)
    cache.set("b", 2, 60)
    assert (cache.get("a"), cache.get("b")) == (None, 2)
    cache.set("b", 3, 101)
    assert cache.get("b") is None
    assert cache.statistics.size == 0


def test_age() -> None:
    now = 0.0
    cache = HotCache(most_seconds=5, clock=lambda: now)
    cache.set("a", 1, 1)
    now = 5.0
    assert cache.get("a") == 1
    now = 5.1
    assert cache.get("a") is None
    assert cache.statistics == (1, 1, 1, 0, 0)


def test_invalidation() -> None:
    cache = HotCache()
    for key in ("tree:1", "tree:2", "log:1", "log:2"):
        cache.set(key, key, 1)
    cache.invalidate("log:1")
    cache.invalidate("log:9")
    cache.invalidate_prefix("tree:")
    assert [cache.get(key) for key in ("tree:1", "tree:2", "log:1")] == [None] * 3
    assert cache.get("log:2") == "log:2"
    assert cache.statistics.evictions == 0


@pytest.mark.parametrize("seed", range(5))
def test_random_use(seed: int) -> None:
    """The model is a list of key, value and size, the least used first."""
    chooser = random.Random(seed)
    cache = HotCache(most_bytes=50, most_entries=6)
    model: list[tuple[str, int, int]] = []
    for number in range(2_000):
        key = chooser.choice("abcdefghij")
        entry = next((one for one in model if one[0] == key), None)
        if chooser.random() < 0.5:
            assert cache.get(key) == (entry and entry[1])
            model.sort(key=lambda one: one[0] == key)
            continue
        model = [one for one in model if one[0] != key]
        if chooser.random() < 0.1:
            cache.invalidate(key)
            continue
        size = chooser.randrange(60)
        cache.set(key, number, size)
        model += [(key, number, size)] if size <= 50 else []
        while sum(one[2] for one in model) > 50 or len(model) > 6:
            del model[0]
        assert cache.statistics[3:] == (len(model), sum(one[2] for one in model))


def test_several_threads() -> None:
    cache = HotCache(most_bytes=500, most_entries=20)

    def use(seed: int) -> None:
        chooser = random.Random(seed)
        for _ in range(3_000):
            key = str(chooser.randrange(60))
            if cache.get(key) is None:
                cache.set(key, int(key), chooser.randrange(1, 50))

    threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = cache.statistics
    assert found.hits + found.misses == 12_000
    assert 0 < found.size <= 500
    assert found.entries <= 20
