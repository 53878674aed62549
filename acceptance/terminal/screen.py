"""The screen of a terminal, which keeps its text: rows, a cursor, and what has scrolled off it."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from itertools import islice

# A line of a picture or a table must not be broken.
ROWS, COLUMNS = 50, 200
# How many rows of one answer are kept after they have scrolled off the screen.
MOST_ROWS = 100_000
# How many rows are searched for a prompt: it is the last thing printed.
PROMPT_ROWS = 200
# Characters without width or look: zero-width ones, marks of direction, variation selectors.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
SPACES = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class Row:
    """A row of the screen. Of a row in which an answer begins, only what stands from column `since` on counts."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.since = 0
        self.counts = False
        self.wraps = False

    def text(self, column: int | None = None) -> str:
        """Return the text that counts, up to a column."""
        return "".join(self.cells[self.since : column])

    def write(self, at: int, cells: list[str]) -> None:
        """Overwrite the text at a column."""
        self.cells += [" "] * (at - len(self.cells))
        self.cells[at : at + len(cells)] = cells
        self._changed(at)

    def erase(self, begin: int, end: int | None = None) -> None:
        """Erase the columns from `begin` up to `end`, or all that follow."""
        if end is None or end >= len(self.cells):
            del self.cells[begin:]
            self.wraps = False
        else:
            self.cells[begin:end] = [" "] * (end - begin)
        self._changed(begin)

    def shift(self, at: int, columns: int) -> None:
        """Move the text there to the right, or to the left over deleted text."""
        if columns > 0:
            self.cells[at:at] = [" "] * min(columns, COLUMNS)
        else:
            del self.cells[at : at - columns]
        self._changed(at)

    def mark(self, column: int, sign: str) -> None:
        """Put a mark on the character before a column."""
        at = min(column, len(self.cells)) - 1
        while at > 0 and not self.cells[at]:
            at -= 1
        if at >= 0:
            self.cells[at] += sign

    def _changed(self, at: int) -> None:
        self.counts = True
        if at < self.since:
            self.since = 0


class Screen:
    """The visible rows, the cursor, and the text since `begin`."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self._gone: deque[str] = deque(maxlen=MOST_ROWS)
        self._rows = [Row()]
        self._saved = (0, 0)
        self._begun: int | None = 0

    @property
    def line(self) -> Row:
        """The row in which the cursor is."""
        self._rows += [Row() for _ in range(self.row + 1 - len(self._rows))]
        return self._rows[self.row]

    # --- text ------------------------------------------------------------------------------------

    def begin(self) -> str:
        """Discount all text written so far. Returns the text before the cursor in its row."""
        self._gone.clear()
        self._begun = self.row
        for row in self._rows:
            row.since, row.counts = 0, False
        line = self.line
        before = line.text(self.column)
        line.since = min(self.column, len(line.cells))
        return before

    @property
    def is_where_it_began(self) -> bool:
        """Whether the cursor is still in the row in which it was at `begin`, or again."""
        return self.row == self._begun

    @property
    def text(self) -> str:
        """Everything that was written since `begin`."""
        return self._text([*self._gone], len(self._rows), None)

    def ends(self) -> Iterator[str]:
        """Yield the last rows up to the cursor, and up to the last one."""
        gone = [*islice(reversed(self._gone), PROMPT_ROWS)][::-1]
        yield self._text(gone.copy(), self.row + 1, self.column)
        yield self._text(gone, len(self._rows), None)

    def _text(self, parts: list[str], rows: int, column: int | None) -> str:
        last = -1
        for number, row in enumerate(self._rows[:rows]):
            if row.counts:
                cut = column if number == self.row else None
                parts.append(row.text(cut) + ("" if row.wraps and cut is None else "\n"))
                last = number
        text = "".join(parts)
        return unicodedata.normalize("NFC", text.removesuffix("\n") if last >= self.row else text)

    # --- what is written ----------------------------------------------------------------------------

    def write(self, run: str) -> None:
        """Write visible characters where the cursor is."""
        for cells in _cells(run):
            if cells[0]:
                self._put(cells)
            else:
                self.line.mark(self.column, cells[1])

    def _put(self, cells: list[str]) -> None:
        at = 0
        while at < len(cells):
            if self.column >= COLUMNS:
                self.line.wraps = True
                self.new_line()
            part = cells[at : at + COLUMNS - self.column]
            self.line.write(self.column, part)
            self.column += len(part)
            at += len(part)

    def repeat(self, times: int) -> None:
        """Write the character before the cursor once more, so many times."""
        if 0 < self.column <= len(self.line.cells):
            self.write(self.line.cells[self.column - 1] * min(times, COLUMNS))

    def tab(self) -> None:
        """Go to the next column that is a multiple of eight."""
        stop = min(COLUMNS - 1, (self.column // 8 + 1) * 8)
        if len(self.line.cells) <= self.column < stop:
            self.line.write(self.column, ["\t"] + [""] * (stop - self.column - 1))
        self.column = max(stop, self.column)

    def new_line(self) -> None:
        """Go to the beginning of the next row; the first one leaves a screen that is full."""
        self.line.counts = True
        self.row, self.column = self.row + 1, 0
        if self.row >= ROWS:
            self._leave(1)
            self.row -= 1

    # --- moves ------------------------------------------------------------------------------------------

    def go(self, row: int, column: int) -> None:
        """Move the cursor to a row and a column. Where it comes back to a prompt, that prompt counts anew."""
        jumps = row != self.row
        self.row, self.column = min(max(row, 0), ROWS - 1), min(max(column, 0), COLUMNS - 1)
        if jumps and self.line.since and self.column <= self.line.since:
            self.line.since, self.line.counts = 0, True

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor by so many rows and columns."""
        self.go(self.row + rows, min(self.column, COLUMNS - 1) + columns)

    def save(self) -> None:
        """Note where the cursor is."""
        self._saved = self.row, self.column

    def restore(self) -> None:
        """Move the cursor to where it was noted to be."""
        self.row, self.column = self._saved

    # --- what is erased -----------------------------------------------------------------------------

    def new_page(self) -> None:
        """Clear the screen. What was seen on it before stays in the text."""
        self._leave(len(self._rows))

    def erase_below(self) -> None:
        """Erase all that follows on the cursor."""
        self.line.erase(self.column)
        del self._rows[self.row + 1 :]

    def shift_rows(self, count: int) -> None:
        """Insert rows at the cursor, or delete some."""
        if count > 0:
            self._rows[self.row : self.row] = [Row() for _ in range(min(count, ROWS))]
            del self._rows[ROWS:]
        else:
            del self._rows[self.row : self.row - count]

    def _leave(self, count: int) -> None:
        """Scroll the first rows off the screen; their text that counts is kept."""
        self._gone.extend(row.text() + ("" if row.wraps else "\n") for row in self._rows[:count] if row.counts)
        del self._rows[:count]
        self._begun = None  # it has left the screen, or stands higher


def seen(text: str) -> str:
    """Return a text with one kind of space, without invisible characters and halves of characters."""
    if text.isascii():
        return text
    text = re.sub(f"[{SPACES}]", " ", re.sub(f"[{UNSEEN}]", "", text))
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _cells(run: str) -> Iterator[list[str]]:
    """Yield the cells that characters take: one each, two for wide ones; ["", mark] for one on the cell before."""
    if run.isascii():
        yield from [[*run]] if run else []
        return
    for sign in run:
        if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me"):
            yield ["", sign]
        else:
            yield [sign, ""] if unicodedata.east_asian_width(sign) in "WF" else [sign]
