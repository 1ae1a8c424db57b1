"""A curve over time, as an SVG image that needs nothing from anywhere and reads on any ground."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from itertools import accumulate
from math import ceil, floor, log10

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT = 760, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 72, 44, 34
_ACROSS, _DOWN = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_DATES = 6

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="{title}">
<title>{title}</title>
<rect x="0.5" y="0.5" width="{inner}" height="{tall}" rx="6" fill="#fff" stroke="#d0d7de"/>
<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#57606a">
<text x="{left}" y="26" font-size="14" fill="#1f2328">{title}</text>
{grid}
</g>
<path d="{area}" fill="#0969da" fill-opacity="0.08"/>
<path d="{line}" fill="none" stroke="#0969da" stroke-width="1.8" stroke-linejoin="round"/>
<circle cx="{end_x}" cy="{end_y}" r="3.5" fill="#0969da"/>
<text x="{label_x}" y="{label_y}" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12" \
font-weight="bold" fill="#0969da">{last}</text>
</svg>
"""


class _Scale(NamedTuple):
    """From values to places."""

    low: float
    high: float
    start: float
    length: float

    def to_pixels(self, value: float) -> float:
        return round(self.start + self.length * (value - self.low) / (self.high - self.low), 1)


def render_plot(points: Sequence[tuple[int, float]], title: str) -> str:
    """Draw how a value came to be what it is."""
    # The clocks of people who commit differ: time does not go back for that.
    times = list(accumulate((seconds for seconds, _ in points), max))
    values = [value for _, value in points]
    ticks = _choose_ticks(min(values), max(values))
    across = _Scale(times[0], max(times[-1], times[0] + 1), _LEFT, _ACROSS)
    up = _Scale(ticks[0], ticks[-1], _TOP + _DOWN, -_DOWN)
    line = _draw_steps(times, values, across, up=up)
    end_x, end_y = across.to_pixels(times[-1]), up.to_pixels(values[-1])
    return _SVG.format(
        width=_WIDTH,
        height=_HEIGHT,
        inner=_WIDTH - 1,
        tall=_HEIGHT - 1,
        left=_LEFT,
        title=html.escape(title),
        grid="\n".join([*_draw_rows(ticks, up), *_draw_dates(across)]),
        line=line,
        area=f"{line}V{_TOP + _DOWN}H{_LEFT}Z",
        end_x=end_x,
        end_y=end_y,
        label_x=end_x + 8,
        label_y=end_y + 4,
        last=_format_number(values[-1]),
    )


def _choose_ticks(low: float, high: float) -> list[float]:
    """Choose round numbers, four to eight of them, around a range."""
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.999)
    first, last = floor(low / step), ceil(high / step)
    return [number * step for number in range(first, last + 1)]


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
    """Draw a thin line and a number for each tick."""
    return [
        f'<path d="M{_LEFT} {up.to_pixels(tick)}H{_WIDTH - _RIGHT}" stroke="#eaeef2"/>'
        f'<text x="{_LEFT - 8}" y="{up.to_pixels(tick) + 4:.1f}" text-anchor="end">'
        f"{_format_number(tick)}</text>"
        for tick in ticks
    ]


def _draw_dates(across: _Scale) -> list[str]:
    """Write some dates below."""
    found = []
    for number in range(_DATES):
        seconds = across.low + (across.high - across.low) * number / (_DATES - 1)
        day = datetime.fromtimestamp(seconds, UTC).date()
        anchor = "start" if number == 0 else "end" if number == _DATES - 1 else "middle"
        found.append(
            f'<text x="{across.to_pixels(seconds)}" y="{_HEIGHT - 12}" '
            f'text-anchor="{anchor}">{day}</text>'
        )
    return found


def _format_number(value: float) -> str:
    return f"{round(value, 2):,.10g}"
