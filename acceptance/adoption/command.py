"""The adopt command: examine, run once, write the proposed profile, and print the outcome."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from acceptance import doctor
from acceptance.adoption.outcomes import outcomes_in
from acceptance.adoption.proposal import Cause, Proposal
from acceptance.examination import Examination, stopping
from acceptance.plurals import counted
from acceptance.profile.reading import SETTING
from acceptance.report.render import ALLURE, OUTPUT, REPORTS, RESULTS
from acceptance.report.verdicts import describe
from acceptance.system import find
from acceptance.trouble import Trouble

WRITTEN, INCOMPLETE, NOTHING_WRITTEN = range(3)
ABOUT = (
    "Adopt a deployment: examine it, run its features once, and write a profile of the differences: its parts and its "
    "dialect, house rules of the shipped system that do not hold, and known deviations, grouped by cause, the most "
    "harmful first. A person reviews and signs it; a run with the signed profile passes until something changes."
)
EXIT = (
    "Exit status: 0 the profile was written, 1 it was written although some promises could not be checked, "
    "2 nothing was written."
)
_ADOPTIONS = REPORTS / "adoption"
_CAUSES_SHOWN = 12


def options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    doctor.options(parser)
    parser.add_argument("--output", type=Path, help="the file to write; default: <system>.yaml")
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.add_argument("-j", "--jobs", type=int, default=0, metavar="N", help="workers; default: two per processor")


def adopt(given: argparse.Namespace) -> int:
    """Adopt a deployment, and return the exit status."""
    try:
        return _adopt(given, doctor.Question.of(given))
    except (Trouble, ClientError, BotoCoreError) as error:
        sys.stderr.write(f"{describe(error)}\n")
        return NOTHING_WRITTEN


def _adopt(given: argparse.Namespace, question: doctor.Question) -> int:
    settings = question.settings
    for profile in settings.profiles.values():
        profile.refuse_unsigned()
    if given.output:
        _refuse_existing(given.output, force=given.force)
    elif not question.chosen and not settings.on_aws:
        raise Trouble("A profile is for one system.", "Choose it with --system NAME.")
    examination = _examined(question)
    arguments = question.about(examination.system)
    output = given.output or Path(f"{examination.system}.yaml")
    _refuse_existing(output, force=given.force)
    results = Path(settings.results).absolute() if settings.results else results_of(output)
    began = time.time() * 1000
    _run(arguments, given.jobs, results)
    outcomes = outcomes_in(results, began)
    if not outcomes:
        raise Trouble("The run did not start, so nothing was written. Its output is above.")
    kind = find(examination.system)
    base = settings.profiles.get(examination.system) or kind.profile_kind.shipped(examination.system)
    proposal = Proposal(examination.system, outcomes, base, examination.described, kind.harms)
    page = results.parent / OUTPUT.name / ALLURE
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(proposal.text(_from_here(page)), encoding="utf-8")
    sys.stdout.write("\n".join([*summary(proposal), "", *what_next(output, arguments), ""]))
    return INCOMPLETE if proposal.not_checked else WRITTEN


def results_of(output: Path) -> Path:
    """Return the results folder that a profile links to, beside its report; each profile has its own."""
    return _ADOPTIONS / output.stem / RESULTS.name


def _examined(question: doctor.Question) -> Examination:
    """Examine and print the deployment. Raises Trouble unless it is exactly one system that a run can check."""
    examinations = doctor.examine(question, doctor.progress())
    doctor.show(examinations, sys.stdout)
    if len(examinations) > 1:
        names = ", ".join(one.system for one in examinations)
        raise Trouble(f"A profile is for one system, but these were found: {names}.", "Choose one with --system NAME.")
    stopped = stopping(examinations[0].findings)
    if stopped:
        raise Trouble(f"Nothing was run or written: {stopped}")
    return examinations[0]


def _refuse_existing(output: Path, *, force: bool) -> None:
    if output.exists() and not force:
        raise Trouble(f"{output} already exists.", "Choose another file with --output, or overwrite it with --force.")


def _run(arguments: Sequence[str], jobs: int, results: Path) -> None:
    """Run behave in a separate process that writes to this process's screen."""
    several = jobs or 2 * (os.cpu_count() or 1)
    command = [sys.executable, "-m", "behave", *arguments, "-j", str(several), "-D", f"results={results}"]
    sys.stdout.flush()
    with subprocess.Popen(command) as run:  # noqa: S603 - our own arguments
        try:
            run.wait()
        except KeyboardInterrupt:  # the run has received it as well, and cleans up
            run.wait()
            raise Trouble("The run was interrupted, so nothing was written.") from None


def summary(proposal: Proposal) -> Iterator[str]:
    """Print which promises were kept, which were broken, which are not made, and which could not be checked."""
    deviating = sum(len(cause.outcomes) for cause in proposal.deviating)
    rules = sum(len(cause.outcomes) for cause in proposal.not_made)
    yield ""
    yield f"{proposal.system}: {counted(len(proposal.outcomes), 'scenario')}"
    yield f"  {len(proposal.held):>4}  held"
    if proposal.known:
        yield f"  {len(proposal.known):>4}  deviate as the profile describes"
    yield f"  {deviating:>4}  did not hold; suggested as deviations until {proposal.until}"
    yield from _causes(proposal.deviating)
    if rules:
        yield f"  {rules:>4}  did not hold and are rules of the shipped system; suggested as not made"
        yield from _causes(proposal.not_made)
    if proposal.left_out:
        yield f"  {len(proposal.left_out):>4}  left out"
        for why, count in Counter(one.message for one in proposal.left_out).most_common():
            yield f"          {count} {why}"
    if proposal.not_checked:
        yield f"  {len(proposal.not_checked):>4}  could not be checked"
        for one in proposal.not_checked:
            yield f"          {one.title}: {' '.join(one.message.split())}"


def _causes(causes: Sequence[Cause]) -> Iterator[str]:
    for cause in causes[:_CAUSES_SHOWN]:
        yield f"          {len(cause.outcomes)} {cause.words}"
    if causes[_CAUSES_SHOWN:]:
        yield f"          … and {len(causes) - _CAUSES_SHOWN} more causes"


def what_next(output: Path, arguments: Sequence[str]) -> Iterator[str]:
    """Print what to do with the written profile, which replaces the one that the run was given."""
    former = {
        n for n, (option, value) in enumerate(pairwise(arguments)) if option == "-D" and value.startswith(f"{SETTING}=")
    }
    kept = [one for n, one in enumerate(arguments) if n not in former and n - 1 not in former]
    again = shlex.join([_from_here(Path(sys.executable)), "-m", "behave", *kept, "-D", f"{SETTING}={output}"])
    yield f"Written: {output}"
    yield "Review it and sign it with your name (signed_by); until then runs refuse it. Then run:"
    yield f"  {again}"


def _from_here(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
