"""Curves as images."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from detent.report.plot import render_plot

DAY = 86_400
NUMBERS = re.compile(r"[MHV ](-?\d+(?:\.\d+)?)")


@pytest.mark.parametrize(
    "points",
    [
        [(0, 5.0)],
        [(0, 5.0), (0, 5.0)],
        [(0, 0.0), (DAY, 1e9)],
        [(DAY, 3.0), (0, 4.0), (2 * DAY, 3.5)],
        [(n * DAY, float(n % 7)) for n in range(1000)],
        [(0, 51.2), (DAY, 51.200001)],
    ],
)
def test_a_curve_stays_inside(points: list[tuple[int, float]]) -> None:
    root = ET.fromstring(render_plot(points, 'a <b> & "c"'))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for element in root.iter():
        for name, most in (("x", width), ("y", height), ("cx", width), ("cy", height)):
            assert 0 <= float(element.get(name, 0)) <= most
        for number in NUMBERS.findall(element.get("d", "")):
            assert 0 <= float(number) <= width
    texts = [element.text for element in root.iter() if element.text]
    assert 'a <b> & "c"' in texts
    assert f"{round(points[-1][1], 2):,.10g}" in texts


def test_a_value_holds_until_the_next() -> None:
    image = render_plot([(0, 1.0), (DAY, 1.0), (2 * DAY, 2.0), (3 * DAY, 2.0)], "x")
    (line,) = re.findall(r'd="([^"]+)" fill="none"', image)
    assert re.fullmatch(r"M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+", line)


def test_the_same_points_make_the_same_image() -> None:
    assert render_plot([(0, 1.0), (9, 2.0)], "x") == render_plot([(0, 1.0), (9, 2.0)], "x")
