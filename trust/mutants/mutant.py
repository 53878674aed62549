"""A mutant: a system with one change, with a name that survives edits elsewhere."""

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

    `place` is the changed element: a state of a workflow, a resource of the template, a function. `change` describes
    the change. System, place and change form the mutant's name. `text` is the changed content of the file.
    """

    system: str
    kind: str
    place: tuple[str, ...]
    change: str
    file: str
    text: str

    @property
    def name(self) -> str:
        """The mutant's name in reports and in docs/equivalent-mutants.md."""
        return BETWEEN.join([self.system, *self.place, self.change])

    def apply(self, copy: Path) -> None:
        """Make the change in a copy of the system."""
        (copy / self.file).write_text(self.text, encoding="utf-8")


def told_apart(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Drop mutants with the same text as an earlier one, and number those that share a name."""
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
    """Return a value for a name: on one line, shortened if it is long."""
    text = " ".join(str(value).replace("`", "'").split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + DOTS
