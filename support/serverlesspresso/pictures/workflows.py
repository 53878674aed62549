"""The lanes of what works by itself: the order's own workflow, those of people's actions, and the functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from acceptance.service_levels.timeline import WAITS, Moment, Timeline
from support.serverlesspresso.pictures.lanes import Item, Lane, Track, name_of, packed
from support.serverlesspresso.pictures.words import (
    FAILURES,
    FUNCTIONS,
    REFUSALS,
    STEPS,
    TELLING,
    WORKFLOWS,
    duration,
    shortened,
)

# In Moment.detail: which execution a moment belongs to, for a timeline that tells it.
RUN = "run"


def workflows_of(timeline: Timeline, people: Mapping[str, str], now: int) -> Sequence[Lane]:
    """Give the lanes of the workflows, that which began first on top. `now` ends what is not over yet."""
    executions = [moment for moment in timeline.moments if moment.kind == "execution"]
    return [_workflow(timeline, lane, people, now) for lane in dict.fromkeys(moment.lane for moment in executions)]


def functions_of(timeline: Timeline, now: int) -> Lane:
    """Give the lane of the functions' runs."""
    return Lane("Functions", "the café’s helpers", packed([[_function(run, now)] for run in timeline.runs]))


def _function(run: Moment, now: int) -> Item:
    words = shortened(FUNCTIONS.get(run.what, run.what))
    return Item("works", run.began.ms, run.ended.ms if run.ended else now, words, is_open=run.ended is None)


@dataclass
class _Run:
    """One execution of a workflow, who started it if that is a person, and the states that it went through."""

    execution: Moment
    doer: str = ""
    states: list[Moment] = field(default_factory=list)

    def took(self, state: Moment) -> bool:
        """Whether a state was this execution's next one, or can have been where the timeline does not tell whose."""
        if RUN in state.detail:
            return bool(state.detail[RUN] == self.execution.detail.get(RUN))
        over = self.execution.ended
        if state.what in (own.what for own in self.states):
            return False
        last = self.states[-1].ended if self.states else self.execution.began
        in_time = over is None or (state.ended or state.began).ms <= over.ms
        return in_time and last is not None and last.ms <= state.began.ms

    def began_by(self, act: Moment) -> bool:
        """Whether somebody's action started it: then it has the same stamp."""
        if RUN in act.detail:
            return bool(act.detail[RUN] == self.execution.detail.get(RUN))
        return act.detail.get("action") != "scan" and act.began == self.execution.began

    def overlaps(self, other: _Run) -> bool:
        """Whether two ran at the same time."""
        one, two = sorted((self, other), key=lambda run: run.execution.began.ms)
        return one.execution.ended is None or two.execution.began.ms < one.execution.ended.ms


def _workflow(timeline: Timeline, lane: str, people: Mapping[str, str], now: int) -> Lane:
    own = [moment for moment in timeline.moments if moment.lane == lane]
    runs = [_Run(moment) for moment in own if moment.kind == "execution"]
    for act in timeline.moments:
        if act.kind == "person":
            run = next((run for run in runs if run.began_by(act) and not run.doer), None)
            if run:
                run.doer = name_of(people, act.lane)
    for state in own:
        if state.kind == "state":
            next((run for run in runs if run.took(state)), runs[-1]).states.append(state)
    name, role = WORKFLOWS.get(lane, (shortened(lane, 14), "workflow"))
    return Lane(name, role, packed([_items(run, runs, now) for run in runs]))


def _items(run: _Run, runs: Sequence[_Run], now: int) -> Track:
    """Give a run's items: how long it took to start, each of its states, and how it ended."""
    began, ended = run.execution.began.ms, run.execution.ended
    states = [_step(state, now) for state in run.states]
    starts_until = states[0].began if states else ended.ms if ended else now
    items = [Item("starts", began, starts_until, "starts up", is_open=not states and ended is None), *states]
    whose = f"{run.doer}: " if any(run.overlaps(other) for other in runs if other is not run) and run.doer else ""
    last = items[-1]
    last = replace(last, words=f"{whose}{_outcome(run, last)}", telling=last.telling or ended is not None)
    return [*items[:-1], replace(last, bad=bool(run.execution.note), said_from=began if run.doer else None)]


def _step(state: Moment, now: int) -> Item:
    return Item(
        "waits" if state.note == WAITS else "works",
        state.began.ms,
        state.ended.ms if state.ended else now,
        shortened(STEPS.get(state.what, state.what)),
        telling=state.what in TELLING or state.what in REFUSALS,
        is_open=state.ended is None,
    )


def _outcome(run: _Run, last: Item) -> str:
    """Tell how a run ended, and how long it took in all."""
    execution = run.execution
    if execution.ended is None:
        return last.words
    if execution.note:
        refused = bool(run.states) and run.states[-1].what in REFUSALS
        return f"✗ refused: {last.words}" if refused else f"✗ {FAILURES.get(execution.note, execution.note)}"
    told = run.states and last.telling and run.states[-1].what not in REFUSALS
    words = last.words if told else "done"
    return f"{words} · {duration(execution.ended.ms - execution.began.ms)}"
