"""The code quality report of GitLab, shown in a merge request."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.report.items import ReportItem


def render_code_quality(items: Iterable[ReportItem]) -> str:
    """Render a report."""
    return json.dumps(
        [
            {
                "description": f"{item.message} [{item.symbol}]" if item.symbol else item.message,
                "check_name": item.code,
                "fingerprint": item.fingerprint,
                "severity": "major" if item.level == ERROR else "minor",
                "location": {
                    "path": clean_path(item.path),
                    "lines": {"begin": item.line},
                },
            }
            for item in items
        ],
        indent=1,
    )
