"""A program at a terminal of its own, by pexpect: found, started, typed at, listened to, ended with its children."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pexpect
import psutil
from ptyprocess import PtyProcess

from acceptance.standstill.patience import Patience
from acceptance.standstill.watch import leave_program, watch_program
from acceptance.terminal.output import MIXED, TerminalOutput
from acceptance.terminal.screen import COLUMNS, ROWS
from acceptance.terminal.watcher import Watcher, end_session, enter
from acceptance.trouble import Trouble

# How long a program may take to end by itself when its terminal is closed, in s.
HANG_UP_SECONDS = 1.0
# How long to wait for a program to hide typed text, in s; not every program does.
HIDING_SECONDS = 0.2
# How often to look whether it hides that, or whether it reads what the terminal has to say, in s.
LOOK_SECONDS = 0.02
# How long nothing may follow on what may not be the next prompt yet, in s.
STILL_SECONDS = 0.3
# A line may come in two pieces, its end last; so a possible prompt is watched for this much longer.
PIECES_SECONDS = 0.005
READ_SIZE = 8192
ENDED, SILENT = "ended", "silent"
# Where the terminal's modes are: how it takes typed text, and how it treats lines.
_INPUT, _LOCAL = 0, 3
Match = re.Match[str] | None
_NEVER = threading.Event()
# A pattern for invisible characters is searched for in the raw output.
_NAMES_CONTROLS = re.compile(r"\\(?:x[01]|0[0-3]|u00[01]|[ra])|[\x00-\x08\x0b-\x1f]")
# Threads that fork at the same moment would interfere with each other.
_ONE_AT_A_TIME = threading.Lock()


def find_program(folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
    """Return the command with its program's full path. Raises Trouble when it cannot be started."""
    wanted, *arguments = command
    if not folder.is_dir():
        raise Trouble(f"the folder {folder} of the programs does not exist")
    has_a_folder = "/" in wanted
    path = str(folder / wanted) if has_a_folder else wanted
    found = shutil.which(path, path=environment.get("PATH", os.defpath))
    if found is None:
        if has_a_folder and Path(path).exists():
            raise Trouble(f"{path} is not executable")
        raise Trouble(f"there is no program {path}")
    script = arguments[0] if arguments else ""
    # An interpreter would only report it in its own way.
    if re.fullmatch(r"[\w./-]+\.\w+", script) and not (folder / script).exists():
        raise Trouble(f"there is no file {folder / script}")
    return [found, *arguments]


@dataclass(frozen=True)
class _Found:
    """A prompt that was printed: which, where, and whether the line is ended behind it."""

    number: int
    match: re.Match[str]
    ends_its_line: bool = False


@dataclass(frozen=True)
class Answer:
    """What a program has printed until a prompt: which (or ENDED, or SILENT), the text, and the prompt in it."""

    seen: int | str
    text: str
    prompt: Match = None


class PseudoTerminal:
    """One running program, which leads a session of its own. Always call `end()`."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], watcher: Watcher, pause: float
    ) -> None:
        """Start it. `pause` (s) passes before each line that is typed. Raises Trouble when it cannot be started."""
        command = find_program(folder, command, environment)
        pipe = watcher.pipe()
        with _ONE_AT_A_TIME:
            try:
                self._child = _Spawn(
                    pipe,
                    command[0],
                    list(command[1:]),
                    encoding="utf-8",
                    codec_errors=MIXED,
                    env=dict(environment),
                    dimensions=(ROWS, COLUMNS),
                    preexec_fn=partial(_become, pipe, folder),
                )
            except (OSError, pexpect.ExceptionPexpect) as error:
                raise Trouble(str(error)) from error
        self._child.delaybeforesend = None
        self._pause = pause
        self._early = ""
        self._prompt: re.Pattern[str] | None = None
        self._output = TerminalOutput()
        self._ends_its_line: dict[re.Pattern[str], bool] = {}
        self._watcher = watcher
        self.session = int(self._child.pid or 0)
        self._open = True
        self._was_cut = False
        self.stood_still = ""  # the machine's share in the missing prompt, in words
        watcher.note(self.session)
        watch_program(self.session)

    def type(self, line: str) -> None:
        """Type a line, once. If the program has ended, the next wait reports that."""
        self._listen(self._pause)
        self._early += self._output.text
        if self._prompt and self._output.text.lstrip(" \t").startswith("\n"):
            self._ends_its_line[self._prompt] = True  # the prompt was read before the end of its line
        self._output.begin(line)
        ends = os.linesep if self._mode(_LOCAL, termios.ICANON) or self._mode(_INPUT, termios.ICRNL) else "\r"
        with contextlib.suppress(OSError):
            self._child.send(line + ends)

    def type_secretly(self, line: str) -> None:
        """Type a line as soon as the program hides typed text, or does not after a moment."""
        until = time.monotonic() + HIDING_SECONDS
        while self.echoes() and time.monotonic() < until:
            _NEVER.wait(LOOK_SECONDS)
        self.type(line)

    def echoes(self) -> bool:
        """Return whether the terminal now shows typed text."""
        return self._mode(_LOCAL, termios.ECHO)

    def press(self, key: str) -> None:
        """Press Ctrl-C, or Ctrl-D, which ends the input."""
        with contextlib.suppress(OSError):
            {"Ctrl-C": self._child.sendintr, "Ctrl-D": self._child.sendeof}[key]()

    def _listen(self, seconds: float) -> None:
        """Read for this long what follows a prompt."""
        until = time.monotonic() + seconds
        with self._no_longer_than(seconds + HANG_UP_SECONDS), contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            left = seconds
            while left >= 0:
                self._reply()
                self._output.feed(self._child.read_nonblocking(READ_SIZE, left))
                left = until - time.monotonic()

    def wait_for(self, prompts: Sequence[re.Pattern[str]], seconds: float) -> Answer:
        """Wait for one of the prompts, and return which it was, ENDED or SILENT, with the output until then.

        A program that has closed its terminal and continues is silent, not ended: it is ended here. If the machine
        stood still for too much of the time, `stood_still` says so.
        """
        patience = Patience(seconds)
        with self._no_longer_than(seconds + HANG_UP_SECONDS, patience):
            seen, match = self._read_until(prompts, patience)
        self.stood_still = patience.words if seen == SILENT and patience.is_inconclusive else ""
        if seen == ENDED:
            self.status()
        answer = Answer(SILENT if seen == ENDED and self._was_cut else seen, self._early + self._output.text, match)
        self._early = ""
        self._output.begin()
        return answer

    def _read_until(self, prompts: Sequence[re.Pattern[str]], patience: Patience) -> tuple[int | str, Match]:
        """Read until a prompt is the last that was printed, or the program has ended, or the time is over."""
        still_since, is_still = time.monotonic(), False
        while True:
            found = self._prompt_at_the_end(prompts)
            deadline = time.monotonic() + patience.left
            until = self._decided(prompts, found, still_since, deadline)
            over = time.monotonic() >= until
            if found and over and is_still:
                self._prompt = prompts[found.number]
                self._ends_its_line[self._prompt] = found.ends_its_line
                return found.number, found.match
            if over and not found and patience.is_over():
                return SILENT, None
            self._reply()
            try:
                wait = LOOK_SECONDS if self._output.replies else max(0.0, until - time.monotonic())
                self._output.feed(self._child.read_nonblocking(READ_SIZE, wait))
                still_since, is_still = time.monotonic(), False
            except pexpect.TIMEOUT:
                is_still = True
            except pexpect.EOF:
                return ENDED, None

    def _decided(
        self, prompts: Sequence[re.Pattern[str]], found: _Found | None, still_since: float, deadline: float
    ) -> float:
        """Return until when to listen on.

        A line that ends may be an ordinary one of an answer, and a prompt may be drawn anew before its line is read.
        The prompt of a program that was seen without the end of a line does not end one. But the end may only have come
        late, so when nothing else comes it is taken for the prompt in the end.
        """
        if found is None or (found.ends_its_line and not self._ends_its_line.get(prompts[found.number], True)):
            return deadline
        may_go_on = found.ends_its_line or self._output.is_drawn_anew
        return min(still_since + (STILL_SECONDS if may_go_on else PIECES_SECONDS), deadline)

    def _prompt_at_the_end(self, prompts: Sequence[re.Pattern[str]]) -> _Found | None:
        """Return the prompt that is the last thing printed, if one is."""
        ends, numbered = [*self._output.ends()], [*enumerate(prompts)]
        for text in ends:
            if found := _first(numbered, text):
                return found
        if found := _first([one for one in numbered if _NAMES_CONTROLS.search(one[1].pattern)], self._output.raw):
            return found
        for text in ends:
            seen = text.rstrip()
            spaces, end, _ = text[len(seen) :].partition("\n")
            if end and (found := _first(numbered, seen + spaces)):
                return replace(found, ends_its_line=True)
        return None

    def _reply(self) -> None:
        """Answer the program's requests to the terminal, as soon as it reads more than whole lines."""
        if self._output.replies and not self._mode(_LOCAL, termios.ICANON):
            replies = "".join(self._output.replies)
            self._output.replies.clear()
            with contextlib.suppress(OSError):
                os.write(self._child.child_fd, replies.encode())

    def _mode(self, kind: int, flag: int) -> bool:
        """Return whether the terminal is in a mode."""
        try:
            return bool(termios.tcgetattr(self._child.child_fd)[kind] & flag)
        except (termios.error, ValueError):  # it is closed
            return False

    def memory(self) -> int:
        """Return the memory that it and its children use now, in bytes; 0 when it has ended."""
        try:
            leader = psutil.Process(self.session)
            return sum(int(one.memory_info().rss) for one in [leader, *leader.children(recursive=True)])
        except psutil.Error:
            return 0

    def has_ended(self) -> bool:
        """Return whether it has ended."""
        return not self._child.isalive()

    def is_suspended(self) -> bool:
        """Return whether a signal (SIGSTOP) has suspended it."""
        with contextlib.suppress(psutil.Error):
            return bool(psutil.Process(self.session).status() == psutil.STATUS_STOPPED)
        return False

    def status(self) -> int | None:
        """Return the exit status of a program that has closed its terminal; a signal is negative."""
        with self._no_longer_than(HANG_UP_SECONDS), contextlib.suppress(pexpect.ExceptionPexpect):
            self._child.wait()
        if self._child.exitstatus is not None:
            return int(self._child.exitstatus)
        return -int(self._child.signalstatus) if self._child.signalstatus else None

    @contextmanager
    def _no_longer_than(self, seconds: float, patience: Patience | None = None) -> Iterator[None]:
        """End the program if this takes longer: pexpect waits without end for one that only closes its terminal.

        What the machine stands still within `patience` is given on top.
        """
        over = threading.Event()

        def cut() -> None:
            more = seconds
            while more > 0 and not over.wait(more):
                more = patience.left + HANG_UP_SECONDS if patience and not patience.is_over() else 0.0
            if not over.is_set():
                self._was_cut = True
                end_session(self.session)

        threading.Thread(target=cut, daemon=True).start()
        try:
            yield
        finally:
            over.set()

    def end(self) -> str:
        """End it with its children, and return the output until then. The second call does nothing."""
        if not self._open:
            return ""
        self._open = False
        last = ""
        try:
            if self._child.isalive():
                os.kill(self.session, signal.SIGHUP)
            last = self.wait_for([], HANG_UP_SECONDS).text
        finally:
            end_session(self.session)
            self.status()
            self._child.ptyproc.delayafterclose = 0
            with contextlib.suppress(pexpect.ExceptionPexpect, OSError):
                self._child.close()
            self._watcher.forget(self.session)
            leave_program(self.session)
        return last


def _first(prompts: Sequence[tuple[int, re.Pattern[str]]], text: str) -> _Found | None:
    """Return the prompt that begins first in a text."""
    found = [_Found(number, match) for number, one in prompts if (match := one.search(text))]
    return min(found, key=lambda one: (one.match.start(), one.number), default=None)


class _Spawn(pexpect.spawn):  # type: ignore[type-arg]
    """A program that may register by the watcher's pipe before it begins."""

    ptyproc: Any

    def __init__(self, pipe: int, *args: Any, **kwargs: Any) -> None:
        self._watcher_pipe = pipe
        super().__init__(*args, **kwargs)

    def _spawnpty(self, args: Any, **kwargs: Any) -> Any:
        return PtyProcess.spawn(args, pass_fds=(self._watcher_pipe,), **kwargs)


def _become(pipe: int, folder: Path) -> None:
    """Prepare the child before it becomes the program. Its exceptions are raised where it was started."""
    enter(pipe)
    os.chdir(folder)
    # Python ignores the first one, a run in the background or under nohup the others. Programs are not used to that.
    for ignored in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_DFL)
