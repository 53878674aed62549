"""The states and branches that a workflow's definition has, and those that an execution has passed.

A definition is Amazon States Language; a history is Step Functions' own, without its data. A branch is a way from a
state to the next one, or to the end. Two rules of a choice that lead to the same state are one branch; two errors
that are caught and lead to the same state are two, and neither is the way of a state that did not fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from acceptance.aws.executions import History

Definition = Mapping[str, Any]

END = "the end"


@dataclass(frozen=True)
class Paths:
    """The names of states and branches, each once."""

    states: Sequence[str]
    branches: Sequence[str]


def paths_of(definition: Definition) -> Paths:
    """Return every state, including those inside Map and Parallel states, and every branch between the outer ones."""
    branches = [branch for name, state in definition["States"].items() for branch in _branches(name, state)]
    return Paths(list(dict.fromkeys(_states(definition))), list(dict.fromkeys(branches)))


def paths_taken(definition: Definition, history: History) -> Paths:
    """Return the states and branches that an execution has passed, in that order."""
    outer = definition["States"]
    entered = [(place, name) for place, event in enumerate(history) if (name := _entered(event))]
    way = [(place, name) for place, name in entered if name in outer]
    branches = [
        _taken(name, outer[name], _error(history[place:until]), follower)
        for (place, name), (until, follower) in pairwise([*way, (len(history), _end(history))])
        # A state that is an end itself has no branch.
        if follower and outer[name]["Type"] not in ("Succeed", "Fail")
    ]
    return Paths(list(dict.fromkeys(name for _, name in entered)), list(dict.fromkeys(branches)))


def containers(definition: Definition) -> Sequence[str]:
    """Return the Map and Parallel states, whose inner branches are not checked: they are passed side by side."""
    return [name for name, state in definition["States"].items() if _inner(state)]


def _states(definition: Definition) -> Iterator[str]:
    for name, state in definition["States"].items():
        yield name
        for inner in _inner(state):
            yield from _states(inner)


def _inner(state: Definition) -> Sequence[Definition]:
    return [*state.get("Branches", []), *(state[key] for key in ("Iterator", "ItemProcessor") if key in state)]


def _branches(name: str, state: Definition) -> Iterator[str]:
    followers = [state.get("Next"), *(rule["Next"] for rule in state.get("Choices", [])), state.get("Default")]
    followers.append(END if state.get("End") else None)
    yield from (_branch(name, follower) for follower in followers if follower)
    yield from (_branch(name, catch["Next"], catch) for catch in state.get("Catch", []))


def _branch(name: str, follower: str, catch: Definition | None = None) -> str:
    errors = f" (on {' or '.join(catch['ErrorEquals'])})" if catch else ""
    return f"{name} → {follower}{errors}"


def _taken(name: str, state: Definition, error: str | None, follower: str) -> str:
    if error is not None:
        for catch in state.get("Catch", []):
            if catch["Next"] == follower and _catches(catch["ErrorEquals"], error):
                return _branch(name, follower, catch)
    return _branch(name, follower)


def _catches(errors: Sequence[str], error: str) -> bool:
    any_failure = "States.TaskFailed" in errors and error != "States.Timeout"
    return not error or error in errors or "States.ALL" in errors or any_failure


def _entered(event: Mapping[str, Any]) -> str:
    return str(event.get("stateEnteredEventDetails", {}).get("name", ""))


def _end(history: History) -> str:
    return END if history and history[-1]["type"] == "ExecutionSucceeded" else ""


def _error(events: History) -> str | None:
    """Return a state's final error, "" if it is unknown, None if it did not fail. A retry starts over."""
    error = None
    for event in events:
        if event["type"].endswith(("Scheduled", "Succeeded")):
            error = None
        elif event["type"].endswith(("Failed", "TimedOut")):
            details = [told for told in event.values() if isinstance(told, Mapping)]
            error = next((str(told["error"]) for told in details if "error" in told), "")
    return error
