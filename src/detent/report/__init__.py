"""Verdicts and answers as text or JSON: pure but for `detent.report.console`."""
