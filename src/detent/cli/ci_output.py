"""The reports of a run in CI."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.cli import check_output
from detent.cli.item_output import render_sarif
from detent.core.namedtuple import NamedTuple
from detent.report import gitlab, items, junit, markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.api import Repository
    from detent.api.ci import CiComparison
    from detent.core.results import CheckResult, Suppression

FORMATS = ("sarif", "gitlab", "junit", "markdown", "json")


class CiRun(NamedTuple):
    """A commit that was checked, with all that a report may say of it."""

    repository: Repository
    compared: CiComparison
    result: CheckResult
    seconds: float

    @property
    def is_on_github(self) -> bool:
        """Whether GitHub Actions runs this."""
        return os.environ.get("GITHUB_ACTIONS") == "true"

    def list_items(
        self, *, everything: bool = False, suppressed: Iterable[Suppression] = ()
    ) -> list[items.ReportItem]:
        """List what the result says, each with a place."""
        settings = self.repository.load_settings().source.partition(" ")[0]
        return items.list_report_items(
            self.result, settings, everything=everything, suppressions=suppressed
        )

    def list_all_items(self) -> list[items.ReportItem]:
        """List everything, with what comments suppress: GitHub would show that as open alerts."""
        if self.is_on_github:
            return self.list_items(everything=True)
        suppressed = self.repository.list_suppressions(self.compared.at, base=self.compared.base)
        return self.list_items(everything=True, suppressed=suppressed)


def describe_base(ci_run: CiRun) -> str:
    """Write what was compared with, and what named it."""
    return f"{ci_run.compared.base[:10]} ({ci_run.compared.source})"


def render_report(form: str, ci_run: CiRun) -> str:
    """Write a report in one of `FORMATS`."""
    if form == "json":
        return check_output.render_document(ci_run.result, ci_run.seconds)
    if form == "sarif":
        return render_sarif(ci_run.list_all_items(), ci_run.repository, ci_run.compared.at)
    if form == "gitlab":
        found = ci_run.list_items(everything=True)
        return gitlab.render_code_quality(item for item in found if item.state != items.ABSENT)
    if form == "junit":
        return junit.render_suites(ci_run.list_items())
    verdict = check_output.summarize_result(ci_run.result, ci_run.seconds)
    return markdown.render_summary(
        ci_run.list_items(everything=True), verdict, describe_base(ci_run)
    )
