"""Checks whether anything that a scenario set off in an observed system is still under way.

Under way are: an event that has not yet started the workflow, or called the function, to which a rule forwards it; a
function that has not logged its end, or has failed and is called again; an execution that has not ended and does not
wait for a caller to use its task token; and one whose own timer ends within the timeout. Work that passes through
a part that cannot be watched (a queue, a stream, a pipe) always counts as under way: the wait then lasts the timeout.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.account import Account
from acceptance.aws.executions import BY_TASK_TOKEN, Execution, Executions, Position
from acceptance.aws.function_logs import Invocation, invocations
from acceptance.aws.observer import Observer
from acceptance.aws.tap import Event
from acceptance.aws.ways import Ways, is_denied, machine_of
from acceptance.aws.wiring import FUNCTION, short_name
from acceptance.plurals import counted
from acceptance.rest import Look

# How a task token is handed out to people, and to functions that a rule calls. Other uses of it cannot be observed.
SEEN_WAYS = tuple(f"{call}{BY_TASK_TOKEN}" for call in ("putEvents", "putItem", "updateItem"))
# The clocks of the logs and of the tap's queue differ a little, and a function may begin before the tap receives.
MARGIN_MS = 1000
# An embedded account has one clock: there a function begins no earlier than this before the tap receives.
HEAD_START_MS = 250
# Lambda calls a function that fails on an event twice more, a minute and two minutes later.
TRIES = 3


class AtRest:
    """Checks one observed system for its scenarios.

    `alone`: whether the account has no other users, as an embedded one: all that runs there was set off by this run.
    """

    def __init__(
        self, account: Account, observer: Observer, run_id: str, parts: Collection[str] = (), *, alone: bool
    ) -> None:
        """`parts` are names or ARNs of the system's parts."""
        self.observer = observer
        self.ways = Ways(account, observer, parts, alone=alone)
        self.alone = alone
        self.blind = ""  # why nothing can be observed, once that is known
        self._logs = account.logs
        self._run_id = run_id
        self._no_logs = ""
        self._talkative: set[str] = set()

    def from_now_on(self, keys: Callable[[], Iterable[str]] = tuple) -> Activity:
        """Return what is set off from now on. `keys` are its keys, where executions are started by no event."""
        return Activity(self, keys)

    def runs(self, function: str, expected: int, since_ms: int, keys: Sequence[str]) -> Look:
        """Check whether this many runs of a function about these keys have ended for good since then (epoch ms)."""
        if self._no_logs:
            return Look(unsure=self._no_logs)
        try:
            runs = invocations(self._logs, function, since_ms - MARGIN_MS, self.observer.log_group(function))
        except ClientError as error:
            if not is_denied(error):
                raise
            self._no_logs = "functions' logs may not be read"
            return Look(unsure=self._no_logs)
        if self.alone:
            return self._ended_alone(function, expected, runs, since_ms, keys)
        return self._ended(function, expected, runs, keys)

    def _ended_alone(
        self, function: str, expected: int, runs: Sequence[Invocation], since_ms: int, keys: Sequence[str]
    ) -> Look:
        """Count also the runs that name no key of this run: they are about nothing else; each attempt has its own id.

        One that began earlier was left behind by an earlier scenario.
        """
        named = [run for run in runs if any(map(run.mentions, keys))]
        nameless = [run for run in runs if not run.mentions(self._run_id) and run.began_ms > since_ms - HEAD_START_MS]
        about = [*named, *nameless]
        failed_runs = sum(run.failed for run in about)
        ended = len(about) - failed_runs + failed_runs // TRIES
        return Look(under_way=short_name(function) if ended < expected else "")

    def _ended(self, function: str, expected: int, runs: Sequence[Invocation], keys: Sequence[str]) -> Look:
        name = short_name(function)
        named = [run for run in runs if any(map(run.mentions, keys))]
        if any(not run.failed for run in named):  # a stack trace also names what the code itself never logs
            self._talkative.add(function)
        ids = {run.request_id for run in named}
        ours = [run for run in runs if run.request_id in ids]
        ended = _ended_for_good(ours)
        if ended >= expected:
            return Look()
        if len(ids) > ended:
            return Look(under_way=f"{name}, which has failed and is called again")
        # Whose run it was that does not say so, nobody knows.
        nameless = [run for run in runs if not run.lines] if function in self._talkative else runs
        if len({run.request_id for run in [*ours, *nameless]}) >= expected:
            return Look(unsure=f"{name} does not log whom it works for")
        return Look(under_way=name)


class Activity:
    """What one scenario has set off."""

    def __init__(self, system: AtRest, keys: Callable[[], Iterable[str]]) -> None:
        self._system = system
        self._keys = keys
        self._first = len(system.observer.tap.heard())
        self._own = {lane: len(one.own) for lane, one in system.observer.executions.items()}
        self._ended: Counter[str] = Counter()

    def look(self, patience: float) -> Look:
        """Check it now. A timer of the system's own that ends within `patience` (s) counts as under way."""
        try:
            unseen = self._system.blind or self._system.ways.unseen
            return Look(under_way=unseen, endless=True) if unseen else _together(self._looks(patience))
        except (ClientError, BotoCoreError) as error:
            why = f"work that cannot be listed, because {error}"
            if is_denied(error):
                self._system.blind = why
            return Look(under_way=why, endless=True)

    def _looks(self, patience: float) -> Iterator[Look]:
        events = self._system.observer.tap.heard(self._first)
        yield Look(sign=len(events), unsure=self._system.ways.unlisted)
        functions: dict[str, list[Event]] = defaultdict(list)
        starts: dict[str, list[Event]] = defaultdict(list)
        for event, target in self._system.ways.handed_on(events):
            function = FUNCTION.match(target)
            if function:
                functions[function[1]].append(event)
            else:
                starts[machine_of(target)].append(event)
        for lane, executions in self._system.ways.executions.items():
            yield from self._workflow(lane, executions, starts[executions.state_machine_arn], patience)
        yield self._functions(functions)

    # --- workflows ---------------------------------------------------------------------------------------------

    def _workflow(self, lane: str, executions: Executions, starts: Sequence[Event], patience: float) -> Iterator[Look]:
        found: dict[str, Execution] = {}
        for event in starts:
            started = executions.of_event(event.id) or self._of_keys(executions, event)
            if started is None:
                yield Look(under_way=f"{event.detail_type}, which has not started the {lane} yet")
                return
            found[started.arn] = started
        found |= {arn: executions.describe(arn) for arn in executions.own[self._own.get(lane, 0) :]}
        found |= {one.arn: one for key in self._keys() for one in executions.of_key(key)}
        if self._system.alone:
            found |= {one.arn: one for one in executions.running()}
        definition = self._system.ways.definitions[executions.state_machine_arn]
        waiting: Counter[str] = Counter()
        for arn, one in found.items():
            if not one.running:
                yield Look(sign=(arn, one.status))
                continue
            position = executions.position(arn)
            yield Look(
                under_way=_why_under_way(lane, position, definition, patience), sign=(arn, one.status, position.number)
            )
            waiting[position.state] += 1
        ended = sum(not one.running for one in found.values())
        yield Look(at_rest=_words(lane, waiting, ended))

    def _of_keys(self, executions: Executions, event: Event) -> Execution | None:
        """Return an execution about an event's keys, for a rule that forwards less than the whole event."""
        known = [arn for key in self._keys_in([event]) for arn in executions.known(key)]
        return executions.describe(known[-1]) if known else None

    # --- functions ---------------------------------------------------------------------------------------------

    def _functions(self, called: Mapping[str, Sequence[Event]]) -> Look:
        unsure = ""
        for function, events in called.items():
            expected = len({event.id for event in events})
            if self._ended[function] < expected:
                since = min(event.sent_ms for event in events)
                look = self._system.runs(function, expected, since, self._keys_in(events))
                if look.under_way:
                    return Look(under_way=f"the function {look.under_way}")
                unsure = unsure or look.unsure
                if not look.unsure:
                    self._ended[function] = expected
        ended = sum(self._ended.values())
        return Look(
            unsure=unsure, at_rest=f"{counted(ended, 'run')} of functions ended" if ended and not unsure else ""
        )

    def _keys_in(self, events: Sequence[Event]) -> Sequence[str]:
        keys = self._system.observer.tap.watched.keys
        return list({value for event in events for key in keys for value in key.in_event(event.envelope)})


def _together(looks: Iterable[Look]) -> Look:
    """Combine checks, up to the first one that finds something under way."""
    signs, words, unsure = [], [], []
    for look in looks:
        signs.append(look.sign)
        if look.under_way:
            return Look(under_way=look.under_way, sign=tuple(signs))
        words.append(look.at_rest)
        unsure.append(look.unsure)
    return Look(at_rest=", ".join(filter(None, words)), sign=tuple(signs), unsure="; ".join(filter(None, unsure)))


def _why_under_way(lane: str, position: Position, definition: Mapping[str, Any], patience: float) -> str:
    """Return why a running execution proceeds by itself; "" if it waits for a caller and cannot time out meanwhile."""
    state = definition["States"].get(position.state)
    here = f"the {lane} in “{position.state}”"
    if state is None or position.answered_by not in SEEN_WAYS:
        return here
    names = ("TimeoutSeconds", "HeartbeatSeconds")
    bounds = [*position.bounds, *(int(state[name]) for name in names if str(state.get(name, "")).isdigit())]
    told = not any(f"{name}Path" in state or not str(state.get(name, 0)).isdigit() for name in names)
    if any(bound <= patience for bound in bounds) or not (told or position.bounds):
        return f"{here}, which may time out"
    return ""


def _ended_for_good(runs: Sequence[Invocation]) -> int:
    """Count the calls that completed or failed for the last time. A repeated call keeps its id."""
    tries: dict[str, list[Invocation]] = defaultdict(list)
    for run in runs:
        tries[run.request_id].append(run)
    return sum(not several[-1].failed or len(several) >= TRIES for several in tries.values())


def _words(lane: str, waiting: Mapping[str, int], ended: int) -> str:
    told = [
        f"the {lane} waits in “{state}”" if times == 1 else f"{times} {lane}s wait in “{state}”"
        for state, times in waiting.items()
    ]
    return ", ".join([*told, *([f"{counted(ended, lane)} ended"] if ended else [])])
