"""The lanes of a timeline: people, messages, workflows, functions and the record, as a wording names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from acceptance.report.pictures.swimlanes import Lane, Mark, Track, packed, points
from acceptance.report.pictures.wording import Wording
from acceptance.report.pictures.words import duration, shortened
from acceptance.service_levels.timeline import WAITS, Moment, Timeline

# In Moment.detail: the execution to which a moment belongs, for a timeline that contains it.
RUN = "run"


def exact_moments(timeline: Timeline) -> Sequence[Moment]:
    """Return the moments with exact clocks: a stamp in whole seconds would put a change in an unrelated place."""
    return [moment for moment in timeline.moments if moment.kind != "change"]


def stamps_of(moments: Sequence[Moment]) -> Sequence[int]:
    """Return when anything began or ended (epoch ms), each time once, the first first."""
    return sorted({stamp.ms for moment in moments for stamp in (moment.began, moment.ended) if stamp})


def zero_of(moments: Sequence[Moment], wording: Wording) -> int:
    """Return the time (epoch ms) from which others are counted: that of the first action, or of the first moment."""
    return next((moment for moment in moments if wording.is_first(moment)), moments[0]).began.ms


def lanes_of(timeline: Timeline, wording: Wording, people: Mapping[str, str], now: int) -> Sequence[Lane]:
    """Return the non-empty lanes, from the customers down to the staff.

    `people` gives the names of those whom the timeline knows by an id. `now` (epoch ms) ends what is not over yet.
    """
    customers, staff = _people(timeline, wording, people)
    executions = [moment for moment in timeline.moments if moment.kind == "execution"]
    workflows = [
        _workflow(timeline, lane, wording, people, now)
        for lane in dict.fromkeys(execution.lane for execution in executions)
    ]
    functions = packed([[_function(run, wording, now)] for run in timeline.runs])
    lanes = [
        *customers,
        _messages(timeline, wording),
        *workflows,
        Lane("Functions", wording.functions_role, functions),
        _record(timeline),
        *staff,
    ]
    return [lane for lane in lanes if any(lane.tracks)]


def _people(timeline: Timeline, wording: Wording, people: Mapping[str, str]) -> tuple[Sequence[Lane], Sequence[Lane]]:
    """Return the lanes of the customers and those of the staff."""
    acts: dict[str, set[str]] = {}
    for moment in timeline.moments:
        if moment.kind == "person":
            acts.setdefault(moment.lane, set()).add(str(moment.detail.get("action")))

    def lane(person: str, role: str) -> Lane:
        own = [moment for moment in timeline.moments if moment.lane == person and moment.kind == "person"]
        return Lane(_name(people, person), role, points("person", own, lambda moment: moment.what))

    staff = {person for person, did in acts.items() if did & set(wording.staff_actions)}
    both = f"{wording.customer} and {wording.staff}"
    roles = {person: both if wording.first_action in acts[person] else wording.staff for person in staff}
    lanes = [(person, lane(person, roles.get(person, wording.customer))) for person in acts]
    return [one for person, one in lanes if person not in staff], [one for person, one in lanes if person in staff]


def _name(people: Mapping[str, str], person: str) -> str:
    return shortened(people.get(person, person), 14)


def _messages(timeline: Timeline, wording: Wording) -> Lane:
    sent = [moment for moment in timeline.moments if moment.kind == "event"]
    tracks = points("message", sent, lambda moment: wording.message(moment.what, moment.detail))
    return Lane("Messages", wording.messages_role, tracks)


def _record(timeline: Timeline) -> Lane:
    """Return the lane of the record, as far as a clock of milliseconds knows it."""
    stored = [moment for moment in timeline.moments if moment.kind == "record"]
    return Lane("The record", "what is kept", points("record", stored, lambda moment: moment.what))


def _function(run: Moment, wording: Wording, now: int) -> Mark:
    words = shortened(wording.function(run.what))
    return Mark("works", run.began.ms, run.ended.ms if run.ended else now, words, is_open=run.ended is None)


@dataclass
class _Run:
    """One execution of a workflow, the person who started it, if any, and its states."""

    execution: Moment
    doer: str = ""
    states: list[Moment] = field(default_factory=list)

    def took(self, state: Moment) -> bool:
        """Whether a state was, or may have been, the next one of this execution."""
        if RUN in state.detail:
            return bool(state.detail[RUN] == self.execution.detail.get(RUN))
        over = self.execution.ended
        if state.what in (own.what for own in self.states):
            return False
        last = self.states[-1].ended if self.states else self.execution.began
        in_time = over is None or (state.ended or state.began).ms <= over.ms
        return in_time and last is not None and last.ms <= state.began.ms

    def began_by(self, act: Moment) -> bool:
        """Whether a person's action started it: then it has the same stamp."""
        if RUN in act.detail:
            return bool(act.detail[RUN] == self.execution.detail.get(RUN))
        return act.began == self.execution.began

    def overlaps(self, other: _Run) -> bool:
        """Whether two ran at the same time."""
        one, two = sorted((self, other), key=lambda run: run.execution.began.ms)
        return one.execution.ended is None or two.execution.began.ms < one.execution.ended.ms


def _workflow(timeline: Timeline, lane: str, wording: Wording, people: Mapping[str, str], now: int) -> Lane:
    own = [moment for moment in timeline.moments if moment.lane == lane]
    runs = [_Run(moment) for moment in own if moment.kind == "execution"]
    for act in timeline.moments:
        if act.kind == "person" and (RUN in act.detail or not wording.is_first(act)):
            run = next((run for run in runs if run.began_by(act) and not run.doer), None)
            if run:
                run.doer = _name(people, act.lane)
    for state in own:
        if state.kind == "state":
            next((run for run in runs if run.took(state)), runs[-1]).states.append(state)
    return Lane(*wording.workflow(lane), packed([_marks(run, runs, wording, now) for run in runs]))


def _marks(run: _Run, runs: Sequence[_Run], wording: Wording, now: int) -> Track:
    """Return a run's marks: how long it took to start, each of its states, and how it ended."""
    began, ended = run.execution.began.ms, run.execution.ended
    states = [_step(state, wording, now) for state in run.states]
    starts_until = states[0].began if states else ended.ms if ended else now
    marks = [Mark("starts", began, starts_until, "starts up", is_open=not states and ended is None), *states]
    whose = f"{run.doer}: " if any(run.overlaps(other) for other in runs if other is not run) and run.doer else ""
    last = marks[-1]
    last = replace(last, words=f"{whose}{_outcome(run, last, wording)}", telling=last.telling or ended is not None)
    return [*marks[:-1], replace(last, bad=bool(run.execution.note), said_from=began if run.doer else None)]


def _step(state: Moment, wording: Wording, now: int) -> Mark:
    return Mark(
        "waits" if state.note == WAITS else "works",
        state.began.ms,
        state.ended.ms if state.ended else now,
        shortened(wording.step(state.what)),
        telling=state.what in wording.telling_steps or state.what in wording.refusals,
        is_open=state.ended is None,
    )


def _outcome(run: _Run, last: Mark, wording: Wording) -> str:
    """Describe how a run ended, and how long it took in all."""
    execution = run.execution
    if execution.ended is None:
        return last.words
    if execution.note:
        refused = bool(run.states) and run.states[-1].what in wording.refusals
        return f"✗ refused: {last.words}" if refused else f"✗ {wording.failure(execution.note)}"
    told = run.states and last.telling and run.states[-1].what not in wording.refusals
    words = last.words if told else "done"
    return f"{words} · {duration(execution.ended.ms - execution.began.ms)}"
