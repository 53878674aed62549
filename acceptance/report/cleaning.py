"""The one place through which all output of a run passes: its results, its other files, and the console.

In the output secrets are masked, and control characters that a terminal obeys or that a file cannot hold are removed.
behave's model is cleaned as soon as a step or a scenario has ended, so that each formatter and reporter finds it
clean; names, tables and all printed text pass through the streams.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from typing import Any

from behave.formatter.base import Formatter, StreamOpener
from behave.reporter.junit import JUnitReporter

from acceptance.behave_adapter import (
    cells_of,
    let_be_error,
    put_into_words,
    replace_streams,
    rewrite_captured,
)
from acceptance.masking import masked, masked_name, remember_secret, words_of
from acceptance.masking.secret_names import kind_of
from acceptance.masking.secret_values import looks_made
from acceptance.visible import printable, visible, visible_on_terminal

Lost = Callable[[str, Exception], None]
# A line as long as this is not read as a whole.
_LONGEST_LINE = 10_000
# A longer open line, or a structure, is not a prompt that still awaits its answer.
_LONGEST_CONTEXT = 500


def clean(text: str) -> str:
    """Return a text in a form that may be written anywhere."""
    return str(masked(visible(text)))


def clean_name(text: str) -> str:
    """Return a name as it may be written; the same for lead and workers, regardless of the secrets each knows."""
    return masked_name(visible(text))


def clean_up(thing: Any) -> None:
    """Clean behave's record of a step, a scenario, a rule or a feature that has ended."""
    if thing.error_message:
        thing.error_message = clean(thing.error_message)
    if getattr(thing, "skip_reason", None):
        thing.skip_reason = clean(str(thing.skip_reason))
    rewrite_captured(thing, clean)


def remember_cells(scenario: Any) -> None:
    """Remember the values below the name of a secret in a scenario's examples: the steps lack the name."""
    for name, cell in cells_of(scenario) or ():
        if kind_of(name) and looks_made(cell):
            remember_secret(cell)


class CleanFirst(Formatter):
    """Cleans each step before any other formatter receives it, and turns a failed Given into an error."""

    name = "clean_first"
    description = "Masks secrets in what steps have left"

    def __init__(self, config: Any) -> None:
        super().__init__(StreamOpener(), config)

    def result(self, step: Any) -> None:
        """Clean a step that has ended. A scenario's subject was not checked if its Given did not hold."""
        clean_up(step)
        if step.step_type == "given" and step.status.name == "failed":
            let_be_error(step)


class CleanStream:
    """A stream to which only clean text is written, line by line; characters it cannot print are replaced.

    A write error is reported to `lost`, once, and ends nothing: the rest of the text is dropped.
    """

    def __init__(self, stream: Any, lost: Lost, *, coloured: bool = False) -> None:
        """`coloured`: colours and rewritten lines are intended, as on a terminal."""
        self._stream = stream
        is_terminal = bool(getattr(stream, "isatty", lambda: False)())
        self._visible = visible_on_terminal if coloured or is_terminal else visible
        self._lost: Lost | None = lost
        self._lock = threading.RLock()
        self._waiting = ""
        self._context = ""  # earlier text that the next one depends on: an open line, a table's headings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: Any) -> int:
        """Write the lines that are complete; the rest waits for its end, or for a flush."""
        words = text if isinstance(text, str) else str(text)
        with self._lock:
            lines, newline, rest = (self._waiting + words).rpartition("\n")
            self._waiting = rest
            if newline or len(rest) > _LONGEST_LINE:
                self._waiting = "" if len(rest) > _LONGEST_LINE else rest
                self._put(lines + newline + (rest if not self._waiting else ""))
        return len(words)

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write incomplete lines as well."""
        with self._lock:
            waiting, self._waiting = self._waiting, ""
            if waiting:
                self._put(waiting)
            self._safely(self._stream.flush)

    def close(self) -> None:
        """Write what is left, and close the stream."""
        self.flush()
        self._safely(self._stream.close)

    def _put(self, text: str) -> None:
        told, whole = self._clean(self._context), self._clean(self._context + text)
        same = next((at for at, (one, other) in enumerate(zip(told, whole, strict=False)) if one != other), None)
        new = whole[min(len(told), len(whole)) if same is None else same :]
        self._context = _still_open(self._context + text)
        self._safely(lambda: self._stream.write(printable(new, getattr(self._stream, "encoding", None))))
        self._safely(self._stream.flush)  # a full disk is reported before the run's final check of its output

    def _clean(self, text: str) -> str:
        return str(masked(self._visible(text)))

    def _safely(self, write: Callable[[], object]) -> None:
        if self._lost is None:
            return
        try:
            write()
        except (OSError, ValueError) as error:  # a full disk, a reader that has gone, a stream that was closed
            lost, self._lost = self._lost, None
            lost(str(getattr(self._stream, "name", "")), error)


def clean_stream(stream: Any, lost: Lost | None = None, *, coloured: bool = False) -> Any:
    """Return a stream that cleans text for the given one; the stream itself if it already does."""
    if stream is None or isinstance(stream, CleanStream):
        return stream
    return CleanStream(stream, lost or (lambda _name, _error: None), coloured=coloured)


def clean_outputs(config: Any, lost: Lost) -> None:
    """Clean everything that behave, its formatters and its reporters write from now on."""
    console, errors = sys.stdout, sys.stderr
    coloured = getattr(config, "color", "") in ("on", "always")
    sys.stdout, sys.stderr = clean_stream(console, lost, coloured=coloured), clean_stream(errors)
    ours = {id(console): sys.stdout, id(errors): sys.stderr}
    for holder in [*getattr(config, "outputs", ()), *config.reporters]:
        stream = getattr(holder, "stream", None)
        if stream is not None:
            holder.stream = ours.get(id(stream)) or clean_stream(stream, lost, coloured=coloured)
    replace_streams(config, lambda stream: clean_stream(stream, lost, coloured=coloured))
    put_into_words(words_of, clean)
    for reporter in config.reporters:
        if isinstance(reporter, JUnitReporter):
            reporter.feature = _ending_nothing(reporter.feature, config.junit_directory, lost)


def clean_formatters(player: Any) -> None:
    """Clean each step before any formatter receives it, and the streams of formatters created earlier."""
    for formatter in player.formatters:
        opener = getattr(formatter, "stream_opener", None)
        for holder in (formatter, getattr(formatter, "printer", None)):
            if holder and opener and opener.stream and getattr(holder, "stream", None):
                holder.stream = opener.stream
    player.formatters.insert(0, CleanFirst(player.config))


def _still_open(text: str) -> str:
    """Return the end of a text on which the next one depends: an open line, and a table's headings."""
    lines, newline, line = text.rpartition("\n")
    line = "" if len(line) > _LONGEST_CONTEXT or line.startswith(("{", "[{")) else line
    headings = ""
    for earlier in reversed(lines.split("\n") if newline else []):
        if not earlier.lstrip().startswith("|"):
            break
        headings = earlier + "\n"
    return headings + line


def _ending_nothing(tell: Callable[[Any], None], place: str, lost: Lost) -> Callable[[Any], None]:
    """Report a reporter's error without ending the run."""

    def told(feature: Any) -> None:
        try:
            tell(feature)
        except Exception as error:  # noqa: BLE001 - behave's writer fails in more ways than by OSError
            with contextlib.suppress(Exception):
                lost(str(place), error)

    return told
