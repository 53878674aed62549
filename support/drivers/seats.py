"""A program at a terminal of its own, by pexpect: found, started, typed at, listened to, ended with its children."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pexpect
import psutil
from ptyprocess import PtyProcess

from support.cloud.trouble import Trouble
from support.drivers.transcripts import plain
from support.drivers.watcher import Watcher, end_session, enter

# How long a program may take to end by itself when its terminal is closed, in s.
HANG_UP_SECONDS = 1.0
# How long to wait for a program to hide what is typed, in s; not every program does.
HIDING_SECONDS = 0.2
# A line of a picture or a table must not be broken.
ROWS, COLUMNS = 50, 200
ENDED, SILENT = "ended", "silent"
# Threads that fork at the same moment would be in each other's way.
_ONE_AT_A_TIME = threading.Lock()


def find(folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> Sequence[str]:
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
    # An interpreter would only say so in its own way.
    if re.fullmatch(r"[\w./-]+\.\w+", script) and not (folder / script).exists():
        raise Trouble(f"there is no file {folder / script}")
    return [found, *arguments]


class Seat:
    """One running program, which leads a session of its own. Call `end()` whatever happens."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], watcher: Watcher, pause: float
    ) -> None:
        """Start it. `pause` (s) passes before each line that is typed. Raises Trouble when it cannot be started."""
        command = find(folder, command, environment)
        door = watcher.door()
        with _ONE_AT_A_TIME:
            try:
                self._child = _Spawn(
                    door,
                    command[0],
                    list(command[1:]),
                    encoding="utf-8",
                    codec_errors="replace",
                    env=dict(environment),
                    dimensions=(ROWS, COLUMNS),
                    preexec_fn=partial(_become, door, folder),
                )
            except (OSError, pexpect.ExceptionPexpect) as error:
                raise Trouble(str(error)) from error
        self._child.delaybeforesend = pause or None
        self._watcher = watcher
        self.session = int(self._child.pid or 0)
        self._open = True
        self._was_cut = False
        watcher.note(self.session)

    def type(self, line: str) -> None:
        """Type a line. If nobody is there any more, the next wait tells so."""
        with contextlib.suppress(OSError):
            self._child.sendline(line)

    def type_secretly(self, line: str) -> None:
        """Type a line as soon as the program hides what is typed, or does not after a moment."""
        self._child.waitnoecho(HIDING_SECONDS)
        self.type(line)

    def wait_for(self, prompts: Sequence[re.Pattern[str]], seconds: float) -> tuple[int | str, str]:
        """Wait for one of the prompts; return which it was, ENDED or SILENT, and what was printed meanwhile.

        A program that has closed its terminal and goes on is silent, not ended: it is ended here.
        """
        with self._no_longer_than(seconds + HANG_UP_SECONDS):
            number = self._child.expect_list([*prompts, pexpect.EOF, pexpect.TIMEOUT], timeout=seconds)
        shown = plain(str(self._child.before))
        if number < len(prompts):
            return number, shown + plain(str(self._child.after))
        if number == len(prompts):
            self.status()
        return (ENDED if number == len(prompts) and not self._was_cut else SILENT), shown

    def memory(self) -> int:
        """Return how much memory it takes now with all that it has started, in bytes; 0 when it has ended."""
        try:
            leader = psutil.Process(self.session)
            return sum(int(one.memory_info().rss) for one in [leader, *leader.children(recursive=True)])
        except psutil.Error:
            return 0

    def status(self) -> int | None:
        """Return the exit status of a program that has closed its terminal; a signal is negative."""
        with self._no_longer_than(HANG_UP_SECONDS), contextlib.suppress(pexpect.ExceptionPexpect):
            self._child.wait()
        if self._child.exitstatus is not None:
            return int(self._child.exitstatus)
        return -int(self._child.signalstatus) if self._child.signalstatus else None

    @contextmanager
    def _no_longer_than(self, seconds: float) -> Iterator[None]:
        """End the program if this takes longer: pexpect waits without end for one that only closes its terminal."""

        def cut() -> None:
            self._was_cut = True
            end_session(self.session)

        deadline = threading.Timer(seconds, cut)
        deadline.start()
        try:
            yield
        finally:
            deadline.cancel()

    def end(self) -> str:
        """End it with all that it has started, and return what it printed meanwhile. The second time does nothing."""
        if not self._open:
            return ""
        self._open = False
        last = ""
        try:
            if self._child.isalive():
                os.kill(self.session, signal.SIGHUP)
            _, last = self.wait_for([], HANG_UP_SECONDS)
        finally:
            end_session(self.session)
            self.status()
            self._child.ptyproc.delayafterclose = 0
            with contextlib.suppress(pexpect.ExceptionPexpect, OSError):
                self._child.close()
            self._watcher.forget(self.session)
        return last


class _Spawn(pexpect.spawn):  # type: ignore[type-arg]
    """A program that may write itself down at the watcher's door before it begins."""

    ptyproc: Any

    def __init__(self, door: int, *args: Any, **kwargs: Any) -> None:
        self._door = door
        super().__init__(*args, **kwargs)

    def _spawnpty(self, args: Any, **kwargs: Any) -> Any:
        return PtyProcess.spawn(args, pass_fds=(self._door,), **kwargs)


def _become(door: int, folder: Path) -> None:
    """What the child does before it becomes the program. What it raises is raised where it was started."""
    enter(door)
    os.chdir(folder)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it; programs are not used to that


def in_words(status: int | None) -> str:
    """Say how a program has ended."""
    if status is None:
        return "no exit status"
    return f"exit status {status}" if status >= 0 else f"signal {signal.Signals(-status).name}"
