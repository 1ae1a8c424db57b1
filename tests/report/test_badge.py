from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from detent.report.badge import render_badge

SVG = "{http://www.w3.org/2000/svg}"


def test_it_is_an_image_that_refers_to_nothing() -> None:
    image = render_badge("docstrings", "93.2 %", 93.2)
    root = ET.fromstring(image)
    assert root.tag == f"{SVG}svg"
    assert [one.text for one in root.iter(f"{SVG}text")] == ["docstrings", "93.2 %"]
    assert "href" not in image
    assert "url(" not in image
    assert image.count("http") == 1  # the name of the format


def test_text_cannot_become_markup() -> None:
    text = "<script>&\"'"
    root = ET.fromstring(render_badge(text, text, 0))
    assert [one.text for one in root.iter(f"{SVG}text")] == [text, text]
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
        for value in ("1 %", "100.0 %")
    ]
    assert widths == sorted(set(widths))
