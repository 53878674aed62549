"""Renders the report when a run of behave has ended, so that every run leaves something to show."""

import sys
from pathlib import Path
from typing import Any

from support.report.render import OUTPUT, RenderError, render


class AtTheEnd:
    """One of behave's reporters: they are told last of all that the run has ended.

    A report that cannot be rendered changes no verdict: the sentence on stderr says what to do, and the
    results stay where they are.
    """

    def __init__(self, results: Path) -> None:
        self._results = results

    def feature(self, _feature: Any) -> None:
        """Nothing is rendered before the end."""

    def end(self) -> None:
        """Render, and say where the page is."""
        try:
            page = render(self._results, OUTPUT)
        except (RenderError, OSError) as error:
            sys.stderr.write(f"There is no report: {error}\nThe results are kept in {self._results}.\n")
            return
        sys.stdout.write(f"\nReport: {page}\nOne file; open it in a browser, or send it to somebody.\n")
