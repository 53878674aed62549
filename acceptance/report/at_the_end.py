"""How a run ends: each error is reported once, in a sentence, and every run leaves a rendered report."""

import contextlib
import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from behave.reporter.summary import SummaryReporter

from acceptance.behave_adapter import count_hook_failure, runner_of, set_aborted
from acceptance.contracts import BrokenContract
from acceptance.report.render import FIGURES, OUTPUT, TEXT, RenderError, render
from acceptance.report.run import Run
from acceptance.report.verdicts import describe
from acceptance.settings import given
from acceptance.trouble import Trouble


class AtTheEnd:
    """Renders the report. One of behave's reporters: they are notified last of the end of the run.

    A report that cannot be rendered changes no verdict: the sentence on stderr says what to do, and the
    results stay where they are. The page is put beside the results.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.wanted = str(given(run.config.userdata, "report")).lower() not in ("no", "false", "off", "0")

    def feature(self, _feature: Any) -> None:
        """Do nothing: rendering waits for the end."""

    def end(self) -> None:
        """Render, and print where the page is."""
        results = self._run.results
        if self._run.folder and self._run.folder.left_alone:
            sys.stdout.write(f"No scenario has run, so the last report stays: {self._run.folder.path}\n")
        if not self._run.tells:
            return
        if not self.wanted or results is None or not any(results.glob("*-result.json")):
            return
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            page = render(results, results.parent / OUTPUT.name)
        except (RenderError, OSError) as error:
            _tell_why_not(str(error), results)
        except KeyboardInterrupt:
            _tell_why_not("rendering was interrupted.", results)
        else:
            sys.stdout.write(
                f"\n{told_answer(results.parent)}\nReport: {page}\nOpen it in a browser, or send its folder.\n"
            )


def told_answer(folder: Path) -> str:
    """Return the run's answer in a sentence, and show the whole text in a job of GitHub's."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with contextlib.suppress(OSError), Path(summary).open("a", encoding="utf-8") as file:
            file.write((folder / TEXT).read_text(encoding="utf-8"))
    return str(json.loads((folder / FIGURES).read_text(encoding="utf-8"))["sentence"])


def _tell_why_not(why: str, results: Path) -> None:
    sys.stderr.write(
        f"\nThere is no report: {why}\n"
        f"The results are kept in {results}. To render them: python -m acceptance.report --results {results}\n"
    )


def end_when_asked(context: Any) -> None:
    """Let Ctrl-C and SIGTERM end the run in order. Call it first in before_all.

    Between two features and after the last one behave is not prepared for an interrupt, and would end with
    a stack trace and without a report: the first interrupt only prevents further starts there.
    """
    runner = runner_of(context)
    run = Run.of(context.config)

    def asked(_number: int, _frame: object) -> None:
        run.asked_to_end += 1
        insisted, runner.aborted = runner.aborted, True  # remembered, in case the exception is swallowed
        if not run.plays:  # the lead checks by itself, and must not be interrupted while it listens to its workers
            return
        if insisted or context.feature is not None or not run.outcomes:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, asked)
    signal.signal(signal.SIGTERM, asked)
    sys.unraisablehook = functools.partial(_unheard, sys.unraisablehook)


def _unheard(tell: Callable[[Any], None], unraisable: Any) -> None:
    """Print nothing for an interrupt where Python cannot raise: it is remembered, and ends the run."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        tell(unraisable)


def told_once(hook: Callable[..., None]) -> Callable[..., None]:
    """Let our formatters report what a hook raises: put it topmost above a hook in environment.py.

    behave would print it as well, up to three times. After a Trouble, or any exception in before_all, no further
    scenario starts: the report gives the reason on each of them. behave's exit status is 1.
    """

    @functools.wraps(hook)
    def quiet(context: Any, *arguments: Any) -> None:
        try:
            hook(context, *arguments)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the formatters report it
            _hold(context, hook.__name__, error)
        if hook.__name__ == "after_all" and _given_up(context):
            set_aborted(context, False)  # otherwise behave reports that the user aborted the run

    return quiet


def _hold(context: Any, hook: str, error: BaseException) -> None:
    count_hook_failure(context)
    if getattr(context, "scenario", None):
        context.scenario.hook_failed = True
        if isinstance(error, Exception):
            context.scenario.exception = error
            context.scenario.error_message = (
                f"{'' if isinstance(error, Trouble | BrokenContract) else f'{hook}: '}{describe(error)}"
            )
    if hook == "before_all" or (isinstance(error, Trouble | KeyboardInterrupt) and hook != "after_all"):
        Run.of(context.config).hook_errors.setdefault(hook, error)
        set_aborted(context, True)
    if hook == "before_all":  # nothing has run, so there is nothing to sum up
        reporters = context.config.reporters
        reporters[:] = [reporter for reporter in reporters if not isinstance(reporter, SummaryReporter)]


def _given_up(context: Any) -> bool:
    errors = Run.of(context.config).hook_errors
    return any(hook != "after_all" and isinstance(error, Exception) for hook, error in errors.items())
