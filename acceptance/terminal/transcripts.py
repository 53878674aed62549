"""What was typed at a program and what it answered, line by line, with every password masked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from acceptance.masking import MASK, masked


@dataclass(frozen=True)
class Entry:
    """What was printed, typed, or happened (`kind`), and when, in s since the program was started."""

    at: float
    kind: str
    text: str


@dataclass
class Transcript:
    """The log of one person's work at one program."""

    title: str
    secrets: set[str] = field(default_factory=set)
    _entries: list[Entry] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._entries)

    def typed(self, at: float, text: str) -> None:
        """Note a line that was typed."""
        self._entries.append(Entry(at, "typed", text))

    def printed(self, at: float, text: str) -> None:
        """Note output."""
        if text.strip():
            self._entries.append(Entry(at, "printed", text))

    def happened(self, at: float, text: str) -> None:
        """Note an event that was neither typed nor printed."""
        self._entries.append(Entry(at, "happened", text))

    def hide(self, text: str) -> str:
        """Mask every password in a text, at any place."""
        return hidden(text, self.secrets)

    @property
    def entries(self) -> list[Entry]:
        """Everything so far, masked."""
        return self._masked(0)

    @property
    def text(self) -> str:
        """Everything so far for people to read: `>` marks what was typed, `·` what happened."""
        return self.text_from(0)

    def text_from(self, first: int) -> str:
        """Return the same from one of the entries on; "" if there is none."""
        lines = list(self._lines(self._masked(first)))
        return "\n".join([self.title, "", *lines, ""]) if lines else ""

    def _masked(self, first: int) -> list[Entry]:
        return [Entry(entry.at, entry.kind, self.hide(entry.text)) for entry in self._entries[first:]]

    def _lines(self, entries: Sequence[Entry]) -> Iterator[str]:
        marks = {"typed": "> ", "printed": "  ", "happened": "· "}
        for entry in entries:
            at = f"{entry.at:8.2f} s "
            for line in entry.text.strip("\n").split("\n"):
                yield f"{at} {marks[entry.kind]}{line}".rstrip()
                at = " " * len(at)


def hidden(text: str, secrets: Collection[str]) -> str:
    """Mask these secrets in a text, and all that is called one."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return str(masked(text))
