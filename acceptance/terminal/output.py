"""Plain text of a program's output at a terminal: what a person sees, from top to bottom.

A program colours its prompts, rewrites lines, clears the screen, asks the terminal where its cursor is.
`TerminalOutput` follows that as a terminal does and yields text in which patterns can be searched. Patterns pass
through `plain_pattern`, so that both sides write spaces and letters in the same way.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from acceptance.terminal.screen import COLUMNS, SPACES, UNSEEN, Screen, seen

# Terminals receive UTF-8, and other bytes: those are read as Latin-1.
MIXED = "utf-8-or-latin-1"
# How much of the raw output is kept, for patterns that name controls.
RAW_SIZE = 8192

_RUN, _CONTROL = re.compile(r"[^\x00-\x1f\x7f-\x9f]+"), re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ESCAPED_SPACE = r"\\(?:xa0|u00a0|u2007|u202f|N\{NO-BREAK SPACE\})"
# The second characters that begin a string which is not shown; those that begin a title, which BEL and its line end.
_STRINGS, _TITLES = "]PX^_k", "]k"
# Linux' console knows two that do not end: the palette's reset, and one colour of it.
_COMPLETE = re.compile(r"\](?:R|P[0-9a-fA-F]{7})")
_CANCELS = "\x18\x1a"
_LINES = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")
_SCREENS = {47, 1047, 1049}


def plain(printed: str) -> str:
    """Return all of a printed text as a person reads it, with the line ends of a file."""
    output = TerminalOutput()
    output.feed(printed)
    return output.text


def plain_pattern(source: str) -> str:
    """Write a regular expression as plain text is written, so that it finds there what it found in printed text."""
    source = unicodedata.normalize("NFC", re.sub(f"[{UNSEEN}]", "", source))
    return re.sub(rf"\\?[{SPACES}]|{_ESCAPED_SPACE}", r"\\ ", source, flags=re.IGNORECASE)


def _either(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    if isinstance(error, UnicodeEncodeError):
        return "?" * (error.end - error.start), error.end
    raise error


codecs.register_error(MIXED, _either)


class TerminalOutput:
    """The output since `begin`, as text. Sequences may be split over any number of reads.

    `replies` are the program's requests to the terminal, and `raw` is the end of the raw output.
    """

    def __init__(self) -> None:
        self.replies: list[str] = []
        self.raw = ""
        self._screen = Screen()
        self._sets, self._shift = ["B", "B"], 0
        self._prompt = self._typed = ""
        self._collected = ""
        self._read: Callable[[str], None] = self._control

    def begin(self, typed: str = "") -> None:
        """Begin a new answer: earlier output does not belong to it, and its replies are dropped.

        A `typed` line may be repeated first by the program or the terminal. That is no answer either.
        """
        self.raw = ""
        self.replies.clear()
        self._typed = unicodedata.normalize("NFC", seen(typed))
        self._prompt = self._screen.begin()

    @property
    def text(self) -> str:
        """Everything that was printed since `begin`."""
        return self._without_echo(self._screen.text)

    @property
    def is_drawn_anew(self) -> bool:
        """Whether the cursor is still, or again, where a line was typed: its prompt may only have been drawn anew."""
        return bool(self._typed) and self._screen.is_where_it_began

    def ends(self) -> Iterator[str]:
        """Yield the texts that may end with a prompt: the last output up to the cursor, and all of it."""
        return map(self._without_echo, self._screen.ends())

    def feed(self, printed: str) -> None:
        """Take further output."""
        self.raw = (self.raw + printed)[-RAW_SIZE:]
        at = 0
        while at < len(printed):
            run = _RUN.match(printed, at) if self._read == self._control else None
            if run:
                self._show(run.group())
                at = run.end()
            else:
                self._read(printed[at])
                at += 1

    def _without_echo(self, text: str) -> str:
        """Leave out the line that was typed, alone or behind its prompt, also while it is only half there."""
        for prompt in ("", self._prompt) if self._typed else ():
            echo = prompt + self._typed
            if text.startswith(f"{echo}\n"):
                return text[len(echo) + 1 :]
            if echo.startswith(text) and len(text) > len(prompt):
                return ""
        return text

    def _show(self, run: str) -> None:
        self._screen.write(seen(run.translate(_LINES) if self._sets[self._shift] == "0" else run))

    # --- how it is read: each takes the next character --------------------------------------------------

    def _control(self, sign: str) -> None:
        """Carry out a control character."""
        if "\x80" <= sign <= "\x9f":  # stands for ESC and the character that is 64 before it
            self._begin(self._escape)
            self._escape(chr(ord(sign) - 64))
        elif sign == "\x1b":
            self._begin(self._escape)
        else:
            self._controls.get(sign, lambda: None)()

    def _begin(self, how: Callable[[str], None]) -> None:
        self._collected, self._read = "", how

    def _escape(self, sign: str) -> None:
        """Read what follows on ESC."""
        if " " <= sign <= "/":
            self._collected += sign
        elif sign < " ":
            self._within(sign)
        elif self._collected:
            if self._collected in "()":
                self._sets["()".index(self._collected)] = sign
            self._begin(self._control)
        elif sign in _STRINGS:
            self._collected, self._read = sign, self._string
        elif sign == "[":
            self._read = self._sequence
        else:
            self._begin(self._control)
            self._escapes.get(sign, lambda: None)()

    def _within(self, sign: str) -> None:
        """Carry out a control character in the middle of a sequence, which continues after it."""
        if sign in _CANCELS:
            self._begin(self._control)
        else:
            self._control(sign)

    def _sequence(self, sign: str) -> None:
        """Read a sequence: its parameters, and the letter that ends it."""
        if sign < " ":
            self._within(sign)
        elif sign < "@":
            self._collected += sign
        else:
            parameters = self._collected
            self._begin(self._control)
            if sign <= "~":
                self._carry_out(sign, parameters)
            else:  # no part of any sequence
                (self._control if _CONTROL.match(sign) else self._show)(sign)

    def _string(self, sign: str) -> None:
        """Skip a string that is not shown, such as a window's title."""
        is_title = self._collected[0] in _TITLES
        if sign == "\x1b":
            self._begin(self._escape)
        elif sign in f"{_CANCELS}\x9c" or (is_title and sign == "\x07"):
            self._begin(self._control)
        elif is_title and sign in "\r\n":
            self._begin(self._control)
            self._control(sign)
        elif len(self._collected) < len("]P1234567"):
            self._collected += sign
            if _COMPLETE.fullmatch(self._collected):
                self._begin(self._control)

    # --- what it does -------------------------------------------------------------------------------------

    def _carry_out(self, letter: str, parameters: str) -> None:
        """Carry out a sequence. Those that only change the look or behaviour are skipped."""
        private = parameters[:1] if parameters[:1] in ("?", ">", "<", "=") else ""
        numbers = [int(one[:5]) if one[:5].isdecimal() else 0 for one in re.split("[;:]", parameters.lstrip("?><="))]
        if private == "?" and letter in "hl" and _SCREENS & {*numbers}:
            self._screen.new_page()  # another screen, or back from it
        elif letter in "nc":
            self._reply(letter, parameters)
        elif not private or letter in "JK":
            does = self._sequences.get(letter)
            if does:
                does(numbers[0], (numbers[1:] or [0])[0])

    def _reply(self, letter: str, parameters: str) -> None:
        """Answer a program that asks for the cursor's place, the terminal's state, or its type."""
        where = f"{self._screen.row + 1};{min(self._screen.column + 1, COLUMNS)}R"
        known = {"6n": f"\x1b[{where}", "?6n": f"\x1b[?{where}", "5n": "\x1b[0n", "c": "\x1b[?6c", "0c": "\x1b[?6c"}
        if parameters + letter in known:
            self.replies.append(known[parameters + letter])

    def _choose(self, which: int) -> None:
        self._shift = which

    def _return(self) -> None:
        self._screen.column = 0

    def _back(self) -> None:
        self._screen.column = max(0, min(self._screen.column, COLUMNS) - 1)

    def _reset(self) -> None:
        self._screen.new_page()
        self._screen.go(0, 0)
        self._sets, self._shift = ["B", "B"], 0

    def _erase_display(self, what: int, _: int) -> None:
        screen = self._screen
        if what in (1, 2) or (not what and (screen.row, screen.column) == (0, 0)):
            screen.new_page()
        elif not what:
            screen.erase_below()

    def _erase_line(self, what: int, _: int) -> None:
        column = self._screen.column
        self._screen.line.erase(0 if what else column, column + 1 if what == 1 else None)

    @cached_property
    def _controls(self) -> Mapping[str, Callable[[], object]]:
        screen = self._screen
        return {
            **dict.fromkeys("\n\v\f", screen.new_line),
            "\r": self._return,
            "\b": self._back,
            "\t": screen.tab,
            "\x0e": lambda: self._choose(1),
            "\x0f": lambda: self._choose(0),
        }

    @cached_property
    def _escapes(self) -> Mapping[str, Callable[[], object]]:
        screen = self._screen
        return {
            "7": screen.save,
            "8": screen.restore,
            "c": self._reset,
            "D": screen.new_line,
            "E": screen.new_line,
            "M": lambda: screen.move(-1, 0),
        }

    @cached_property
    def _sequences(self) -> Mapping[str, Callable[[int, int], object]]:
        """The effects of sequences, by their first two numbers. Most take 0 for 1."""
        screen = self._screen
        to_column: Callable[[int, int], object] = lambda n, _: screen.go(screen.row, n - 1)  # noqa: E731
        return {
            **dict.fromkeys("Hf", lambda row, column: screen.go(row - 1, column - 1)),
            "A": lambda n, _: screen.move(-(n or 1), 0),
            **dict.fromkeys("Be", lambda n, _: screen.move(n or 1, 0)),
            **dict.fromkeys("Ca", lambda n, _: screen.move(0, n or 1)),
            "D": lambda n, _: screen.move(0, -(n or 1)),
            "E": lambda n, _: screen.go(screen.row + (n or 1), 0),
            "F": lambda n, _: screen.go(screen.row - (n or 1), 0),
            **dict.fromkeys("G`", to_column),
            "d": lambda n, _: screen.go(n - 1, screen.column),
            "J": self._erase_display,
            "K": self._erase_line,
            "X": lambda n, _: screen.line.erase(screen.column, screen.column + (n or 1)),
            "P": lambda n, _: screen.line.shift(screen.column, -(n or 1)),
            "@": lambda n, _: screen.line.shift(screen.column, n or 1),
            "L": lambda n, _: screen.shift_rows(n or 1),
            "M": lambda n, _: screen.shift_rows(-(n or 1)),
            "b": lambda n, _: screen.repeat(n or 1),
            "s": lambda *_: screen.save(),
            "u": lambda *_: screen.restore(),
        }
