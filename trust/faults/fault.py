"""A planted fault: a change of a system, the scenario that it must turn red, and words of the scenario's message."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from trust.system_copy import Edit


class Change(Protocol):
    """A change of a copy of a system."""

    def apply(self, system: Path) -> None:
        """Make the change. Fails if it does not fit."""


@dataclass(frozen=True)
class Fault:
    """A fault of a system, and the scenario that must notice it.

    `scenario` is the beginning of the scenario's name. One red scenario's message contains all `words`. `verdicts` are
    the verdicts that red scenarios may have. `options` are for behave. A `quiet` fault is found by measured time, so it
    needs the machine to itself.
    """

    system: str
    name: str
    edits: tuple[Change, ...]
    feature: str
    scenario: str
    words: tuple[str, ...]
    verdicts: tuple[str, ...] = ("failed",)
    options: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def id(self) -> str:
        """The fault's name in the campaign: its system and name, without blanks."""
        return f"{self.system}-{self.name.replace(' ', '-')}"

    def plant(self, system: Path) -> None:
        """Make the changes in a copy of the system."""
        for edit in self.edits:
            edit.apply(system)


def faults_of(system: str, *usual: str) -> Callable[..., Fault]:
    """Return a function that creates faults of one system; those without `options` of their own have the `usual` ones.

    A single edit or text need not be a tuple.
    """

    def fault(
        name: str,
        edits: Edit | tuple[Edit, ...],
        feature: str,
        scenario: str,
        words: str | tuple[str, ...],
        **more: Any,
    ) -> Fault:
        return Fault(
            system,
            name,
            edits if isinstance(edits, tuple) else (edits,),
            feature,
            scenario,
            words if isinstance(words, tuple) else (words,),
            **{"options": usual, **more},
        )

    return fault
