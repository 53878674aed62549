"""What a run has covered of a deployed system: its workflows' states and branches, its event types, its bus's rules.

The items come from the deployed definitions and rules, their coverage from the histories of the run's
executions and from the events about its keys. Nothing is maintained by hand. Items that cannot be checked are
reported (`gaps`, `blind`) and left out of both sides of the count.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import floor
from typing import Any, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.executions import Executions, History
from acceptance.aws.paths import Definition, Paths, containers, paths_of, paths_taken
from acceptance.aws.patterns import exact, is_understood, matches
from acceptance.aws.tap import Event, EventTap
from acceptance.aws.wiring import FUNCTION, Rule, Wiring, short_name
from acceptance.trouble import Trouble

Kind = Literal["state", "branch", "event", "rule"]
# Kind, group and label: see CoverageItem.
_Named = tuple[Kind, str, str]
Answer = TypeVar("Answer")

ANY_SOURCE, RULES = "any source", "rules"
# On AWS reading a history takes a while. More readers than these would be throttled.
READERS = 8


@dataclass(frozen=True)
class Snapshot:
    """What was read of one deployed system and of a run's work in it; workflows are identified by their ARNs.

    A workflow without `histories`, and `events` that are None, could not be read.
    """

    definitions: Mapping[str, Definition]
    rules: Sequence[Rule]
    histories: Mapping[str, Sequence[History]]
    events: Sequence[Event] | None
    gaps: Sequence[str] = ()


@dataclass(frozen=True)
class CoverageItem:
    """A part of the system. `group`: its workflow, its event's source, or RULES.

    `count`: how many executions passed a state or a branch, how many events of a type or for a rule there were.
    """

    kind: Kind
    group: str
    label: str
    count: int

    @property
    def name(self) -> str:
        """Its name when it stands alone, different from every other item's."""
        return f"{self.group} › {self.label}"


@dataclass(frozen=True)
class Coverage:
    """The items of a system and which of them were covered, in the order of the definitions.

    `executions`: how many of each workflow were read. `undefined`: items that were seen though no definition and no
    rule names them. `blind`: items that are not checked. `gaps`: what could not be read.
    """

    items: Sequence[CoverageItem]
    executions: Mapping[str, int]
    undefined: Sequence[str] = ()
    blind: Sequence[str] = ()
    gaps: Sequence[str] = ()

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot]) -> Coverage:
        """Combine snapshots. A part of a system that is deployed several times counts once."""
        tally = _Tally()
        for snapshot in snapshots:
            tally.take(snapshot)
        counts = tally.counts
        return cls(
            items=[CoverageItem(*part, counts[part]) for part in tally.parts],
            executions=tally.executions,
            undefined=[CoverageItem(*part, counts[part]).name for part in counts if part not in tally.parts],
            blind=list(tally.blind),
            gaps=list(tally.gaps),
        )

    @classmethod
    def merged(cls, several: Sequence[Coverage]) -> Coverage:
        """Combine the coverage of one system from the parts of a run."""
        parts = {(item.kind, item.group, item.label): None for one in several for item in one.items}
        counts, executions = Counter[_Named](), Counter[str]()
        for one in several:
            counts.update({(item.kind, item.group, item.label): item.count for item in one.items})
            executions.update(one.executions)
        items = [CoverageItem(*part, counts[part]) for part in parts]
        defined = {item.name for item in items}
        undefined = dict.fromkeys(name for one in several for name in one.undefined if name not in defined)
        return cls(
            items=items,
            executions=executions,
            undefined=list(undefined),
            blind=list(dict.fromkeys(what for one in several for what in one.blind)),
            gaps=list(dict.fromkeys(gap for one in several for gap in one.gaps)),
        )

    @property
    def touched(self) -> Sequence[CoverageItem]:
        """The items that took part in the run."""
        return [item for item in self.items if item.count]

    @property
    def untouched(self) -> Sequence[CoverageItem]:
        """The items that did not."""
        return [item for item in self.items if not item.count]

    @property
    def percent(self) -> float | None:
        """The share of covered items, in percent; None if nothing could be read."""
        return 100 * len(self.touched) / len(self.items) if self.items else None

    @property
    def percent_shown(self) -> float | None:
        """The same to one decimal for people and gates, never rounded up: 100 % means everything."""
        return None if self.percent is None else floor(self.percent * 10) / 10


@dataclass
class _Tally:
    parts: dict[_Named, None] = field(default_factory=dict)
    counts: Counter[_Named] = field(default_factory=Counter)
    executions: Counter[str] = field(default_factory=Counter)
    blind: dict[str, None] = field(default_factory=dict)
    gaps: dict[str, None] = field(default_factory=dict)

    def take(self, snapshot: Snapshot) -> None:
        self.gaps.update(dict.fromkeys(snapshot.gaps))
        for arn, definition in snapshot.definitions.items():
            if arn in snapshot.histories:
                self._take_workflow(_called(arn), definition, snapshot.histories[arn])
        if snapshot.events is not None:
            for arn, definition in snapshot.definitions.items():
                self._take_entries(_called(arn), definition)
            for rule in snapshot.rules:
                self._take_rule(rule, snapshot.events)
            self.counts.update(map(self._event, snapshot.events))

    def _take_workflow(self, name: str, definition: Definition, histories: Sequence[History]) -> None:
        self.parts.update(dict.fromkeys(_parts(name, paths_of(definition))))
        self._look_past(*(f"the branches inside {name} › {container}" for container in containers(definition)))
        self.executions[name] += len(histories)
        for history in histories:
            self.counts.update(_parts(name, paths_taken(definition, history)))

    def _take_entries(self, workflow: str, definition: Definition) -> None:
        for entry in _entries(definition):
            detail_type = _fixed(entry.get("DetailType"))
            if detail_type:
                self.parts["event", _fixed(entry.get("Source")) or ANY_SOURCE, detail_type] = None
            else:
                self._look_past(f"events of {workflow} whose type is made up as it goes")

    def _take_rule(self, rule: Rule, events: Sequence[Event]) -> None:
        if not is_understood(rule.pattern):
            self._look_past(f"the rule {rule.name}, for its pattern {json.dumps(rule.pattern)}")
            return
        for source in exact(rule.pattern.get("source")) or [ANY_SOURCE]:
            for detail_type in exact(rule.pattern.get("detail-type")):
                self.parts["event", source, detail_type] = None
        part: _Named = ("rule", RULES, _what_it_does(rule))
        self.parts[part] = None
        self.counts[part] += sum(matches(rule.pattern, event) for event in events)

    def _event(self, event: Event) -> _Named:
        named: _Named = ("event", event.source, event.detail_type)
        from_anywhere: _Named = ("event", ANY_SOURCE, event.detail_type)
        return from_anywhere if from_anywhere in self.parts and named not in self.parts else named

    def _look_past(self, *what: str) -> None:
        self.blind.update(dict.fromkeys(what))


def _parts(workflow: str, paths: Paths) -> Iterator[_Named]:
    yield from (("state", workflow, state) for state in paths.states)
    yield from (("branch", workflow, branch) for branch in paths.branches)


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    """Return the entries for the bus within a workflow's definition."""
    if isinstance(value, Mapping):
        if "DetailType" in value or "DetailType.$" in value:
            yield value
        for inner in value.values():
            yield from _entries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _entries(inner)


def _fixed(value: Any) -> str:
    """Return a text of a definition, "" if it is computed when the workflow runs."""
    return value if isinstance(value, str) and not value.startswith("{%") else ""


def _what_it_does(rule: Rule) -> str:
    """Name a rule after what it does: the name that CloudFormation generates differs in each deployment."""
    heard = " or ".join(exact(rule.pattern.get("detail-type"))) or json.dumps(rule.pattern)
    return f"{heard} → {' and '.join(map(_called, rule.targets)) or 'nobody'}"


def _called(arn: str) -> str:
    function = FUNCTION.match(arn)
    return short_name(function[1] if function else re.split("[:/]", arn)[-1])


# --- reading it --------------------------------------------------------------------------------------


def take_snapshot(
    wiring: Wiring,
    workflows: Mapping[Executions, Callable[[], Iterable[str]]],
    events: Callable[[], Sequence[Event]],
) -> Snapshot:
    """Read a system and a run's work in it: `workflows` gives the ARNs of the run's executions of each workflow.

    Parts that cannot be read become gaps.
    """
    gaps: list[str] = []

    def read(what: str, how: Callable[[], Answer]) -> Answer | None:
        try:
            return how()
        except (ClientError, BotoCoreError, Trouble) as error:
            gaps.append(f"{what} could not be read: {error}")
            return None

    definitions = read("The definitions of the workflows", lambda: wiring.definitions)
    rules = read("The rules of the bus", lambda: wiring.rules)
    histories = {
        workflow.state_machine_arn: read(
            f"What {_called(workflow.state_machine_arn)} did", partial(_histories, workflow, arns)
        )
        for workflow, arns in workflows.items()
    }
    return Snapshot(
        definitions=definitions or {},
        rules=rules or (),
        histories={arn: found for arn, found in histories.items() if found is not None},
        events=read("Messages on the bus", events),  # last, since some events are still under way
        gaps=gaps,
    )


def events_about(
    tap: EventTap, values: Iterable[str], others: Mapping[str, Iterable[str]] | None = None
) -> Sequence[Event]:
    """Return the events about some values of the key, and those about other keys that these events also name.

    `others`: further values of other keys, by the keys' names. Raises Trouble when the tap is lost.
    """
    tap.prove_listening()
    about = [event for value in values for event in tap.of_key(value)]
    named = [event.envelope for event in about]
    for key in tap.watched.keys[1:]:
        wanted = {*(others or {}).get(key.name, ()), *(value for event in named for value in key.in_event(event))}
        about += [event for value in wanted for event in tap.of_key(value, key.name)]
    return list({id(event): event.as_delivered for event in about}.values())


def _histories(workflow: Executions, arns: Callable[[], Iterable[str]]) -> Sequence[History]:
    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(workflow.history, arns()))
