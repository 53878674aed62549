"""A mutant: the system with one change, known by a name that survives edits elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

BETWEEN = " › "
LONGEST = 48
DOTS = "…"


@dataclass(frozen=True)
class Mutant:
    """One change of one file of a system.

    `place` is what is changed: a state of a workflow, a resource of the template, a function in the code. `change`
    says how. The system and both together are the mutant's name. `text` is what the file holds after the change.
    """

    system: str
    kind: str
    place: tuple[str, ...]
    change: str
    file: str
    text: str

    @property
    def name(self) -> str:
        """What the mutant is called, in reports and in docs/equivalent-mutants.md."""
        return BETWEEN.join([self.system, *self.place, self.change])

    def apply(self, copy: Path) -> None:
        """Make the change in a copy of the system."""
        (copy / self.file).write_text(self.text, encoding="utf-8")


def told_apart(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Leave out what comes to the same text as a mutant before it, and number those that share a name."""
    texts: set[tuple[str, str]] = set()
    names: Counter[str] = Counter()
    for mutant in mutants:
        if (mutant.file, mutant.text) in texts:
            continue
        texts.add((mutant.file, mutant.text))
        names[mutant.name] += 1
        again = names[mutant.name]
        yield replace(mutant, change=f"{mutant.change} ({again})") if again > 1 else mutant


def shown(value: object) -> str:
    """A value as a name shows it: on one line, its end left out when it is long."""
    text = " ".join(str(value).replace("`", "'").split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + DOTS
