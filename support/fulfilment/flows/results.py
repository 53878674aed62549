"""The results of many flows as JSON, as docs/flows.schema.json describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from acceptance.terminal.console import Console
from acceptance.terminal.output import plain
from acceptance.trouble import Trouble
from support.fulfilment.flow_statistics import Statistics, of_programs, of_steps
from support.fulfilment.order import STEPS
from support.fulfilment.order_flows import FlowResult

VERSION = 1


@dataclass(frozen=True)
class Results:
    """The result of a run of flows: when it began (epoch s), its duration (s), and each flow's result."""

    flows: Sequence[FlowResult]
    parallel: int
    began: float
    seconds: float
    interrupted: bool = False

    @property
    def all_went_through(self) -> bool:
        """Whether every order is delivered and paid."""
        return bool(self.flows) and not self.interrupted and all(flow.went_through for flow in self.flows)


def as_json(results: Results) -> Mapping[str, Any]:
    """Return the results in the form that is saved. Passwords are masked in it."""
    return {
        "version": VERSION,
        "began": datetime.fromtimestamp(results.began, UTC).isoformat(timespec="milliseconds"),
        "seconds": _rounded(results.seconds),
        "parallel": results.parallel,
        "interrupted": results.interrupted,
        "went_through": sum(flow.went_through for flow in results.flows),
        "steps": [
            {
                "name": one.name,
                "tried": one.tried,
                "done": one.done,
                "success_rate": one.success_rate,
                "seconds": _figures(one.seconds),
            }
            for one in of_steps(results.flows)
        ],
        "programs": {
            role: {"startup_seconds": _figures(starts), "memory_bytes": _figures(memory)}
            for role, (starts, memory) in of_programs(results.flows).items()
        },
        "flows": [_flow(flow) for flow in results.flows],
    }


def see_writable(file: Path) -> None:
    """Check that results can be saved there, before a long run. Raises Trouble when they cannot be."""
    try:
        with file.open("a", encoding="utf-8"):
            pass
    except (OSError, ValueError) as error:
        raise Trouble(f"The results cannot be saved: {error}. Choose another file.") from error


def save(results: Results, file: Path) -> None:
    """Write the results. Raises Trouble when writing fails."""
    text = json.dumps(_cleaned(as_json(results)), ensure_ascii=False, indent=2, allow_nan=False)
    try:
        file.write_text(f"{text}\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Trouble(f"The results cannot be saved: {error}. Choose another file.") from error


def _cleaned(value: Any) -> Any:
    """Convert every text in it to plain text."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(key): _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def _flow(flow: FlowResult) -> Mapping[str, Any]:
    return {
        "number": flow.number,
        "went_through": flow.went_through,
        "came_to_step": flow.done,
        "of_steps": len(STEPS),
        "words": flow.words,
        "people": dict(flow.people),
        "order": flow.order.id,
        "delivery": flow.order.delivery_id,
        "amount": flow.order.amount,
        "seconds": _rounded(flow.seconds),
        "steps": [
            {"name": step.name, "outcome": step.outcome, "seconds": _rounded(step.seconds), "words": step.words}
            for step in flow.steps
        ],
        "consoles": [_console(console) for console in flow.consoles],
    }


def _console(console: Console) -> Mapping[str, Any]:
    return {
        "person": console.person,
        "role": console.program.role,
        "startup_seconds": _rounded(console.startup_seconds),
        "memory_bytes": console.memory,
        "transcript": [
            {"at": _rounded(entry.at), "kind": entry.kind, "text": entry.text} for entry in console.transcript.entries
        ],
    }


def _figures(figures: Statistics | None) -> Mapping[str, Any] | None:
    return {name: _rounded(value) for name, value in asdict(figures).items()} if figures else None


def _rounded(value: float) -> float:
    return round(value, 4)
