"""SVG images that refer to nothing outside themselves: a badge, and a plot over time."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from itertools import accumulate
from math import ceil, floor, log10

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_FONT = 'font-family="Verdana,DejaVu Sans,sans-serif"'
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="{title}">
<title>{title}</title>
"""

#: Colour of a badge by the least percentage that has it.
_COLOURS = (
    (95.0, "#4c1"),
    (90.0, "#97ca00"),
    (75.0, "#a4a61d"),
    (60.0, "#dfb317"),
    (40.0, "#fe7d37"),
    (0.0, "#e05d44"),
)
_CHARACTER_WIDTH = 6.6
_PADDING = 10

_WIDTH, _HEIGHT = 760, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 72, 44, 34
_ACROSS, _DOWN = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_DATES = 6


def render_badge(label: str, value: str, percent: float) -> str:
    """Draw a badge: a label, and a value whose colour shows how good it is."""
    label_width, value_width = (round(len(text) * _CHARACTER_WIDTH) for text in (label, value))
    shown = html.escape(value)
    left, right = label_width + _PADDING, value_width + _PADDING
    colour = next(colour for least, colour in _COLOURS if percent >= least)
    head = _HEAD.format(width=left + right, height=20, title=html.escape(f"{label}: {value}"))
    return (
        f'{head}<rect width="{left}" height="20" fill="#555"/>\n'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>\n'
        f'<g fill="#fff" text-anchor="middle" {_FONT} font-size="11">\n'
        f'<text x="{left / 2}" y="14" textLength="{label_width}">{html.escape(label)}</text>\n'
        f'<text x="{left + right / 2}" y="14" textLength="{value_width}">{shown}</text>\n'
        "</g>\n</svg>\n"
    )


class _Scale(NamedTuple):
    """Maps values to pixels."""

    low: float
    high: float
    start: float
    length: float

    def to_pixels(self, value: float) -> float:
        return round(self.start + self.length * (value - self.low) / (self.high - self.low), 1)


def render_plot(
    points: Sequence[tuple[int, float]], title: str, *, most: float | None = None
) -> str:
    """Draw a value over time, from pairs of seconds and value; `most` is the greatest possible."""
    # Commit times of different machines may go back; the plot does not.
    times = list(accumulate((seconds for seconds, _ in points), max))
    values = [value for _, value in points]
    is_count = all(value == int(value) for value in values)
    ticks = _choose_ticks(min(values), max(values), most=most, least_step=1.0 if is_count else 0.0)
    across = _Scale(times[0], max(times[-1], times[0] + 1), _LEFT, _ACROSS)
    up = _Scale(ticks[0], ticks[-1], _TOP + _DOWN, -_DOWN)
    line = _draw_steps(times, values, across, up=up)
    end_x, end_y = across.to_pixels(times[-1]), up.to_pixels(values[-1])
    shown = html.escape(title)
    grid = "\n".join([*_draw_rows(ticks, up), *_draw_dates(across)])
    return (
        _HEAD.format(width=_WIDTH, height=_HEIGHT, title=shown)
        + f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="6" fill="#fff" '
        f'stroke="#d0d7de"/>\n<g {_FONT} font-size="11" fill="#57606a">\n'
        f'<text x="{_LEFT}" y="26" font-size="14" fill="#1f2328">{shown}</text>\n{grid}\n</g>\n'
        f'<path d="{line}V{_TOP + _DOWN}H{_LEFT}Z" fill="#0969da" fill-opacity="0.08"/>\n'
        f'<path d="{line}" fill="none" stroke="#0969da" stroke-width="1.8" '
        f'stroke-linejoin="round"/>\n<circle cx="{end_x}" cy="{end_y}" r="3.5" fill="#0969da"/>\n'
        f'<text x="{end_x + 8}" y="{end_y + 4}" {_FONT} font-size="12" font-weight="bold" '
        f'fill="#0969da">{_format_number(values[-1])}</text>\n</svg>\n'
    )


def _choose_ticks(
    low: float, high: float, *, most: float | None = None, least_step: float = 0.0
) -> list[float]:
    """Choose round numbers, up to eight of them, around a range."""
    if high - low < 1e-9:
        low, high = (low if 0 <= low < 1 else low - 1), high + 1  # a count is not negative
    rough = max((high - low) / 4, least_step)
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    ticks = [number * step for number in range(floor(low / step), ceil(high / step) + 1)]
    return _cut_ticks(ticks, most)


def _cut_ticks(ticks: list[float], most: float | None) -> list[float]:
    """Leave out the ticks above the greatest possible value, but two of them."""
    while most is not None and ticks[-1] > most and len(ticks) > 2:
        ticks = ticks[:-1]
    return ticks


def _draw_steps(
    times: Sequence[int], values: Sequence[float], across: _Scale, *, up: _Scale
) -> str:
    """Draw a line that holds each value until the next."""
    parts = [f"M{across.to_pixels(times[0])} {up.to_pixels(values[0])}"]
    before = values[0]
    for seconds, value in zip(times, values, strict=True):
        if value != before:
            parts.append(f"H{across.to_pixels(seconds)}V{up.to_pixels(value)}")
            before = value
    return "".join([*parts, f"H{across.to_pixels(times[-1])}"])


def _draw_rows(ticks: Sequence[float], up: _Scale) -> list[str]:
    """Draw a line and a number for each tick."""
    return [
        f'<path d="M{_LEFT} {up.to_pixels(tick)}H{_WIDTH - _RIGHT}" stroke="#eaeef2"/>'
        f'<text x="{_LEFT - 8}" y="{up.to_pixels(tick) + 4:.1f}" text-anchor="end">'
        f"{_format_number(tick)}</text>"
        for tick in ticks
    ]


def _draw_dates(across: _Scale) -> list[str]:
    """Write dates below the plot."""
    dates = []
    before = None
    for number in range(_DATES):
        seconds = across.low + (across.high - across.low) * number / (_DATES - 1)
        day = datetime.fromtimestamp(seconds, UTC).date()
        if day == before:
            continue
        before = day
        anchor = "start" if number == 0 else "end" if number == _DATES - 1 else "middle"
        dates.append(
            f'<text x="{across.to_pixels(seconds)}" y="{_HEIGHT - 12}" '
            f'text-anchor="{anchor}">{day}</text>'
        )
    return dates


def _format_number(value: float) -> str:
    return f"{round(value, 2):,.10g}"
