"""Badges and plots as images."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from detent.report.plot import render_badge, render_plot

DAY = 86_400
SVG = "{http://www.w3.org/2000/svg}"
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
def test_a_plot_is_inside_its_image(points: list[tuple[int, float]]) -> None:
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


# ---- badges


def test_a_badge_is_an_image_that_refers_to_nothing() -> None:
    image = render_badge("docstrings", "93.2%", 93.2)
    root = ET.fromstring(image)
    assert root.tag == f"{SVG}svg"
    assert [element.text for element in root.iter(f"{SVG}text")] == ["docstrings", "93.2%"]
    assert "href" not in image
    assert "url(" not in image
    assert image.count("http") == 1  # the name of the format


def test_text_of_a_badge_cannot_become_markup() -> None:
    text = "<script>&\"'"
    root = ET.fromstring(render_badge(text, text, 0))
    assert [element.text for element in root.iter(f"{SVG}text")] == [text, text]
    assert root.get("aria-label") == f"{text}: {text}"
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize(
    ("percent", "colour"),
    [
        (100, "#4c1"),
        (95, "#4c1"),
        (94.9, "#97ca00"),
        (60, "#dfb317"),
        (39.9, "#e05d44"),
        (0, "#e05"),
    ],
)
def test_the_value_chooses_the_colour(percent: float, colour: str) -> None:
    assert f'fill="{colour}' in render_badge("a", "b", percent)


def test_longer_text_takes_more_room() -> None:
    widths = [
        int(ET.fromstring(render_badge("a", value, 1)).get("width") or 0)
        for value in ("1%", "100.0%")
    ]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize(
    ("values", "most", "ticks"),
    [
        ([100.0, 100.0], 100.0, ["99", "100"]),
        ([98.5, 100.0], 100.0, ["98.5", "99", "99.5", "100"]),
        ([0.0, 0.0], None, ["0", "1"]),
        ([3.0, 5.0], None, ["3", "4", "5"]),
        ([7.0, 7.0], None, ["6", "7", "8"]),
    ],
)
def test_axes_have_only_values_that_can_be(
    values: list[float], most: float | None, ticks: list[str]
) -> None:
    image = render_plot([(i * 86_400, value) for i, value in enumerate(values)], "x", most=most)
    assert re.findall(r'text-anchor="end">([\d.]+)</text>', image) == ticks


def test_a_day_is_written_once() -> None:
    image = render_plot([(0, 1.0), (3_600, 2.0)], "x")
    assert image.count("1970-01-01") == 1
