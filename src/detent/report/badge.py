"""A badge: two words on a coloured ground, as an SVG image that needs nothing from anywhere."""

from __future__ import annotations

import html

_COLORS = (
    (95.0, "#4c1"),
    (90.0, "#97ca00"),
    (75.0, "#a4a61d"),
    (60.0, "#dfb317"),
    (40.0, "#fe7d37"),
    (0.0, "#e05d44"),
)
_CHARACTER = 6.6
_PADDING = 10

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">
<title>{title}</title>
<rect width="{left}" height="20" fill="#555"/>
<rect x="{left}" width="{right}" height="20" fill="{colour}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{label_at}" y="14" textLength="{label_width}">{label}</text>
<text x="{value_at}" y="14" textLength="{value_width}">{value}</text>
</g>
</svg>
"""


def render_badge(label: str, value: str, percent: float) -> str:
    """Draw a badge."""
    label_width, value_width = (round(len(text) * _CHARACTER) for text in (label, value))
    left, right = label_width + _PADDING, value_width + _PADDING
    return _SVG.format(
        width=left + right,
        left=left,
        right=right,
        colour=next(colour for least, colour in _COLORS if percent >= least),
        title=html.escape(f"{label}: {value}"),
        label=html.escape(label),
        value=html.escape(value),
        label_at=left / 2,
        label_width=label_width,
        value_at=left + right / 2,
        value_width=value_width,
    )
