"""The verdict on a scenario, in Allure's words, and its reason.

`failed`: the system broke a promise (an assertion). `broken`: it could not be checked: another error occurred, or a
promise was broken in a Given, which is another scenario's subject. `skipped`: it was excluded on purpose.
`passed`: every step ran and held.
`unknown`: it failed as a known deviation says (acceptance.report.deviations).
Nothing passes by default: any other outcome is broken.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acceptance.aws.permissions import policy_for
from acceptance.behave_adapter import HOOK_ERROR, sentences, values_of
from acceptance.masking import words_of
from acceptance.profile import Deviation
from acceptance.report.causes import Symptom, comparable
from acceptance.report.cleaning import clean
from acceptance.report.nearest import suggestions
from acceptance.report.step_marks import marks_of
from acceptance.trouble import Lost, Trouble
from acceptance.visible import cut

# A longer text is not read, and the page would have to contain it.
LONGEST = 100_000
PASSED, FAILED, BROKEN, SKIPPED, DEVIATING = "passed", "failed", "broken", "skipped", "unknown"
# The beginning of the message of a scenario in whose Given a promise was broken.
NOT_CHECKED = "Could not be checked: "
REFUSED = " is not authorized to perform: "  # the wording of every service of AWS

_QUIET_STEPS = ("passed", "skipped", "untested")
_MACHINERY = ("/behave/", "/allure_commons/", "/allure_behave/", "/acceptance/report/")


@dataclass(frozen=True)
class Verdict:
    """One of Allure's words, with a message and, after an exception, its stack trace; both are clean.

    `parts` are the separate errors, if there was more than one. `deviations` are those that it shows.
    `given`: a promise was broken in a Given. `cause` says what is wrong in words that can be compared; `declared`: the
    exception itself named it. `after` names the action before the step that failed, the same for equal actions, and
    `before` the Givens before that.
    """

    word: str
    message: str = ""
    trace: str = ""
    step: Any = None
    parts: tuple[Verdict, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    given: bool = False
    cause: str = ""
    declared: bool = False
    after: str = ""
    before: str = ""

    def __post_init__(self) -> None:
        """Clean its texts: they go to formatters, files and other processes."""
        object.__setattr__(self, "message", cut(clean(self.message), LONGEST))
        object.__setattr__(self, "trace", cut(clean(self.trace), LONGEST))


def verdict_of(
    scenario: Any,
    cleanup_error: BaseException | None = None,
    ended_by: BaseException | None = None,
    interrupted: bool = False,
) -> Verdict:
    """Return the verdict on a scenario that was run.

    `cleanup_error` is what its cleanups raised, `ended_by` an exception that left behave itself,
    `interrupted` says that the user has asked the run to stop.
    """
    troubles = [_with_cause(one, scenario) for one in _troubles(scenario, cleanup_error, ended_by, interrupted)]
    if len(troubles) > 1 or any(trouble.given for trouble in troubles):
        return _together(troubles)
    return troubles[0] if troubles else _untroubled(scenario, interrupted)


def symptoms_of(verdict: Verdict) -> tuple[Symptom, ...]:
    """Return each error, in the form from which causes are found."""
    return tuple(
        Symptom(
            one.cause or comparable(one.message),
            one.message,
            sentence(one.step) if one.step else "",
            given=one.given,
            declared=one.declared,
            after=one.after,
            before=one.before,
        )
        for one in verdict.parts or (verdict,)
    )


def judge_step(step: Any) -> Verdict:
    """Return the verdict on one step. behave looks further than it runs: it also finds undefined steps."""
    status = step.status.name
    if status in ("skipped", "untested"):
        return Verdict(SKIPPED)
    if status == "passed":
        return Verdict(PASSED)
    if status == "undefined":
        return Verdict(BROKEN, undefined(step), step=step)
    if status.startswith("pending"):
        return Verdict(BROKEN, f"This step is still to be done: {sentence(step)}", step=step)
    if step.exception is not None:
        verdict = of_exception(step.exception, step=step)
        met_in_given = step.step_type == "given" and verdict.word == FAILED and not step.hook_failed
        return replace(verdict, word=BROKEN, given=True) if met_in_given else verdict
    if step.hook_failed:  # behave keeps the exception of a step's hook, unless it was interrupted.
        return Verdict(BROKEN, "interrupted", step=step)
    word = FAILED if status == "failed" else BROKEN
    return Verdict(word, str(step.error_message or f"The step ended as “{status}”."), step=step)


def undefined(step: Any) -> str:
    """Report that a step is undefined, and suggest the sentence that may have been meant."""
    hint = suggestions(step.step_type, step.name, sentences().known_to(step.filename))
    return f"This step is not defined: {sentence(step)}{f'. {hint}' if hint else ''}"


def sentence(step: Any) -> str:
    """Return a step as it is written in the feature: `Then Ada's order is completed`."""
    return f"{step.keyword} {step.name}"


def of_exception(error: BaseException, before: str = "", step: Any = None) -> Verdict:
    """Return the verdict on an exception: an assertion is a broken promise, any other prevents the check."""
    word = FAILED if isinstance(error, AssertionError) else BROKEN
    message = f"{before}: {describe(error)}" if before else describe(error)
    cause = str(getattr(error, "cause", ""))
    return Verdict(word, message, trace_of(error), step, cause=cause, declared=bool(cause))


def describe(error: BaseException) -> str:
    """Return an exception's message, without Python's name for it where that helps no reader."""
    text = words_of(error).strip()
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, AssertionError):
        return text or f"This does not hold: {_last_line(error)}"
    if REFUSED in text:
        told = text.partition(" operation: ")[2] if text.startswith("An error occurred") else text
        policy = policy_for(text)
        where = f"All that a run needs is in {policy}." if policy else ""
        if isinstance(error, Trouble):
            return f"{text}\n{where}".rstrip()
        return f"This run lacks a permission. {told.rstrip('.')}. {where}".rstrip()
    if isinstance(error, Trouble):
        return text
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def trace_of(error: BaseException) -> str:
    """Return the stack trace without behave's own frames and without this machine's folders."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if not any(m in Path(f.filename).as_posix() for m in _MACHINERY)]
    lines = "".join(traceback.format_list(ours or frames))
    return lines.replace(f"{Path.cwd()}/", "").replace(f"{Path.cwd()}\\", "").rstrip()


def hook_message(text: str) -> str:
    """Turn behave's `HOOK-ERROR in before_scenario: …` into `before_scenario: …`."""
    return re.sub(rf"{HOOK_ERROR}|AssertionError: ", "", text.split("\nTraceback", 1)[0]).strip()


def _troubles(
    scenario: Any,
    cleanup_error: BaseException | None,
    ended_by: BaseException | None,
    interrupted: bool,
) -> list[Verdict]:
    """List the errors, in the order of their interest to a reader."""
    found = [judge_step(step) for step in scenario.all_steps if step.status.name not in _QUIET_STEPS]
    if scenario.hook_failed:
        trouble = _hook_trouble(scenario, interrupted)
        if isinstance(scenario.exception, Lost) and found and found[-1].word == BROKEN:
            found[-1] = _explained(found[-1], trouble)
        elif all(trouble.message != step.message for step in found):  # a hook may meet the same error as a step
            found += [of_exception(one) for one in getattr(scenario.exception, "each", ())] or [trouble]
    if ended_by is not None:
        found.append(of_exception(ended_by))
    if cleanup_error is not None:
        found.append(of_exception(cleanup_error, before="Tidying up afterwards"))
    return found


def _explained(trouble: Verdict, lost: Verdict) -> Verdict:
    """Put what was lost before the error that it led to: that is the cause."""
    return replace(trouble, message=f"{lost.message}\n{trouble.message}", cause=comparable(lost.message))


def _with_cause(trouble: Verdict, scenario: Any) -> Verdict:
    """Describe the cause in words that can be compared with those of other scenarios, and name the action before it."""
    steps = list(scenario.all_steps)
    earlier = next((steps[:number] for number, step in enumerate(steps) if step is trouble.step), [])
    given, when = ([marks_of(step)[-1] for step in earlier if step.step_type == kind] for kind in ("given", "when"))
    trouble = replace(trouble, after="".join(when[-1:]), before=" ".join(given))
    if trouble.cause:
        return trouble
    names = (value for step in steps for value in values_of(step))
    return replace(trouble, cause=comparable(trouble.message, names))


def _together(troubles: list[Verdict]) -> Verdict:
    """Combine several errors into one verdict.

    A broken promise makes it failed, unless one was broken in a Given: then the scenario's subject
    was not checked, and the other errors are not its subject.
    """
    first = troubles[0]
    given = next((trouble for trouble in troubles if trouble.given), None)
    word = FAILED if not given and any(trouble.word == FAILED for trouble in troubles) else BROKEN
    several = sum(trouble.step is not None for trouble in troubles) > 1
    told = [f"{sentence(part.step)}:\n{part.message}" if several and part.step else part.message for part in troubles]
    if given:
        told.insert(0, f"{NOT_CHECKED}{sentence(given.step)}")
    return Verdict(word, "\n".join(told), first.trace, first.step, tuple(troubles))


def _hook_trouble(scenario: Any, interrupted: bool) -> Verdict:
    if scenario.exception is None:
        return Verdict(BROKEN, "interrupted" if interrupted else "A hook failed without a message.")
    told = of_exception(scenario.exception)
    return replace(told, message=hook_message(scenario.error_message or told.message))


def _untroubled(scenario: Any, interrupted: bool) -> Verdict:
    steps = list(scenario.all_steps)
    all_passed = bool(steps) and all(step.status.name == "passed" for step in steps)
    if scenario.should_skip and not all_passed:
        return Verdict(SKIPPED, str(scenario.skip_reason or "Skipped without a reason."))
    if not steps:
        return Verdict(BROKEN, "The scenario has no steps, so nothing was checked.")
    if not all_passed:
        return Verdict(BROKEN, "interrupted" if interrupted else "Not all of its steps were run.")
    if scenario.status.name != "passed":
        return Verdict(BROKEN, f"Its steps passed, but behave calls it “{scenario.status.name}”.")
    return Verdict(PASSED)


def _last_line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return (frames[-1].line or "an assertion") if frames else "an assertion"
