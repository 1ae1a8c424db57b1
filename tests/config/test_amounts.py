"""Amounts as people write them."""

from __future__ import annotations

import math

import pytest

from detent.config.amounts import Increase, read_increase
from detent.config.values import SettingLocation
from detent.core.errors import UsageError

PLACE = SettingLocation("detent.toml", "", ("budget",))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (3, Increase(amount=3)),
        (0, Increase(amount=0)),
        ("1%", Increase(share=0.01)),
        (" 0.5 % ", Increase(share=0.005)),
        ("12", Increase(amount=12)),
        ("100ms", Increase(amount=0.1, unit="s")),
        ("5 s", Increase(amount=5, unit="s")),
        ("20µs", Increase(amount=2e-5, unit="s")),
        ("3kB", Increase(amount=3e3, unit="bytes")),
        ("3KiB", Increase(amount=3072, unit="bytes")),
        ("2GiB", Increase(amount=2 * 1024**3, unit="bytes")),
        ({"rel": "3%"}, Increase(share=0.03)),
        ({"abs": 3}, Increase(amount=3)),
        ({"abs": "1s", "combine": "strict"}, Increase(amount=1, unit="s", strict=True)),
        (
            {"rel": "3%", "abs": "100ms", "combine": "forgiving"},
            Increase(0.03, 0.1, "s"),
        ),
    ],
)
def test_what_can_be_written(given: object, expected: Increase | None) -> None:
    found = read_increase(given, PLACE)
    if expected is None:
        assert found is None
        return
    assert found
    assert found[2:] == expected[2:]
    assert found[:2] == (
        expected.share and pytest.approx(expected.share),
        expected.amount and pytest.approx(expected.amount),
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (True, "invalid amount"),
        (-1, "invalid amount"),
        (math.nan, "invalid amount"),
        ("-1%", "invalid amount"),
        ("%", "invalid amount"),
        ("1 parsec", "invalid amount"),
        ("1e9", "invalid amount"),
        ([1], "invalid amount"),
        ({}, "has neither rel nor abs"),
        ({"combine": "strict"}, "has neither rel nor abs"),
        ({"rel": "3%", "abs": 1}, "but not combine"),
        ({"rel": 3}, "takes a percentage"),
        ({"abs": "3%"}, "takes a percentage"),
        ({"rel": "3%", "abs": 1, "combine": "loose"}, "unknown value 'loose'"),
        ({"rell": "3%"}, "did you mean 'rel'?"),
    ],
)
def test_what_cannot(given: object, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_increase(given, PLACE)
    assert message in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.message.startswith("detent.toml budget")


@pytest.mark.parametrize(
    ("one", "reference", "allowed"),
    [
        (Increase(0.1), 50, 5),
        (Increase(0.1), -50, 5),
        (Increase(amount=3), 50, 3),
        (Increase(0.1, 3), 50, 5),
        (Increase(0.1, 3), 20, 3),
        (Increase(0.1, 3, strict=True), 50, 3),
        (Increase(0.1, 3, strict=True), 20, 2),
        (Increase(0.1), 0, 0),
    ],
)
def test_how_much_is_allowed(one: Increase, reference: float, allowed: float) -> None:
    assert one.compute_allowance(reference) == pytest.approx(allowed)
