"""A planted fault: a change of a system, the scenario that must turn red by it, and the words of its message."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from trust.system_copy import Edit


class Change(Protocol):
    """A change of a copy of a system."""

    def apply(self, system: Path) -> None:
        """Make it. Fails where it does not fit."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a system, and who must notice it.

    `scenario` is how the scenario's name begins, `words` are all in the message of one red scenario, and `verdicts`
    are those that red scenarios may have. `options` go to behave. A `quiet` fault is judged by measured time, so it
    wants the machine for itself.
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
        """The fault's name in the campaign, with its system and without blanks."""
        return f"{self.system}-{self.name.replace(' ', '-')}"

    def plant(self, system: Path) -> None:
        """Make the changes in a copy of the system."""
        for edit in self.edits:
            edit.apply(system)


def faults_of(system: str, *usual: str) -> Callable[..., Fault]:
    """Return a function that makes faults of one system, with the `usual` options of behave unless they have others.

    A single edit and a single text need no tuple.
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
