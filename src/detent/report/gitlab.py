"""The code quality report of GitLab: what it shows in a merge request."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.report.items import ReportItem


def render_code_quality(found: Iterable[ReportItem]) -> str:
    """Write a report."""
    return json.dumps(
        [
            {
                "description": f"{one.message} [{one.symbol}]" if one.symbol else one.message,
                "check_name": one.code,
                "fingerprint": one.fingerprint,
                "severity": "major" if one.level == ERROR else "minor",
                "location": {
                    "path": clean_path(one.path),
                    "lines": {"begin": one.line},
                },
            }
            for one in found
        ],
        indent=1,
    )
