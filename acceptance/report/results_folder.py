"""The folder with a run's results: locked while the run uses it, and emptied only once the run takes place.

Until then nothing is written: a run that tests nothing leaves the last report alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from acceptance.whole_file import write_whole

try:
    import fcntl
except ImportError:  # Windows: two runs at the same time need folders of their own, given by -D results=…
    fcntl = None  # type: ignore[assignment]

# The beginning of the message of a scenario that was never started.
NOT_RUN = "Not run: "

# Only Allure's files: the folder may belong to the user.
_RESULTS = "*-result.json"
_EARLIER = (
    _RESULTS,
    "*-container.json",
    "*-globals.json",
    "*-attachment*",
    "*-perf.json",
    "deviations.json",
    "run.json",
    "environment.properties",
    "executor.json",
    "specification.json",
    "shard.json",
    "figures.json",
)
_MOST_AT_A_TIME = 100


class InUse(Exception):
    """Another run uses the folder."""


class ResultsFolder:
    """Takes a run's results. Files written before it is known whether the run takes place wait for that.

    `earlier` are the names of results that other runs have written and that are kept, `left_alone` says that the run
    did not take place and the last report is still there.
    """

    def __init__(self, path: Path, unwritten: list[tuple[Path, OSError]], *, keep: bool = False) -> None:
        """`keep`: earlier results are kept, so that Allure shows them beside those of this run."""
        self.path = path
        self.earlier: Collection[str] = ()
        self.left_alone = False
        self.settled = False
        self._keep = keep
        self._unwritten = unwritten
        self._waiting: list[tuple[str, bytes]] = []

    def put(self, name: str, body: bytes) -> None:
        """Write a file, or hold it until the run takes place."""
        if not self.settled:
            self._waiting.append((name, body))
        elif not self.left_alone:
            with self._written(name):
                self.path.mkdir(parents=True, exist_ok=True)
                write_whole(self.path / name, body)

    def begin(self) -> None:
        """Make room for the results of a run that takes place."""
        if self.settled:
            return
        if self._keep and self._tells_of_a_run():
            self.earlier = frozenset(path.name for path in self.path.glob(_RESULTS))
            sys.stdout.write(f"The scenarios come from a list, so the results in {self.path} are kept.\n")
        else:
            with self._written(self.path.name):
                clear(self.path)
        self._settle()

    def call_off(self) -> None:
        """Leave the report of the last run alone if there is one, since this run does not take place."""
        if self.settled:
            return
        if self._tells_of_a_run():
            self.left_alone = True
            self._settle()
        else:
            self.begin()

    def keep_nothing(self) -> None:
        """Discard the results of other runs when this one begins."""
        self._keep = False

    def join(self) -> None:
        """Write at once: the results belong to a run that already takes place."""
        self.settled = True

    def _tells_of_a_run(self) -> bool:
        return any(_has_run(path) for path in self.path.glob(_RESULTS))

    def _settle(self) -> None:
        self.settled = True
        waiting, self._waiting = self._waiting, []
        for name, body in waiting:
            self.put(name, body)

    @contextmanager
    def _written(self, name: str) -> Iterator[None]:
        """Let the run continue after a write error. Truncated files are removed, which makes room."""
        try:
            yield
        except OSError as error:
            self._unwritten.append((self.path / name, error))
            for cut_off in self.path.glob("*.tmp"):
                cut_off.unlink(missing_ok=True)


def take(path: Path, *, elsewhere: bool) -> Path:
    """Create the folder and lock it until this process ends, or another one beside it if it is in use.

    Raises InUse when another run uses the folder and nothing may be written `elsewhere`, OSError when nothing can be
    written there.
    """
    if _is_locked(path):
        return path
    if elsewhere:
        for number in range(2, _MOST_AT_A_TIME):
            other = path.parent / f"run-{number}" / path.name
            if _is_locked(other):
                sys.stdout.write(f"Another run uses {path}, so this one writes to {other}.\n")
                return other
    raise InUse(path)


def _is_locked(path: Path) -> bool:
    """Create a writable folder, and lock it. The operating system unlocks it when this process ends."""
    if path.is_symlink():
        raise OSError(f"this is a symbolic link to {path.readlink()}, and nothing is written through one")
    path.mkdir(parents=True, exist_ok=True)
    if not lock(path):
        return False
    probe = path / f"{os.getpid()}.tmp"
    try:
        write_whole(probe, b"\n")
    finally:
        probe.unlink(missing_ok=True)
    return True


def lock(folder: Path, *, wait: bool = False) -> int | None:
    """Lock a folder and return the holder of the lock: close it, or exit. None: another process has locked it."""
    if fcntl is None:
        return -1
    held = os.open(folder, os.O_RDONLY)  # children do not inherit it
    try:
        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    except OSError:  # a file system that knows no locks
        pass
    return held


def clear(results: Path) -> None:
    """Create the results folder, or remove an earlier run's results from it and nothing else."""
    results.mkdir(parents=True, exist_ok=True)
    with os.scandir(results) as entries:
        for entry in entries:
            if any(fnmatch(entry.name, pattern) for pattern in _EARLIER) and not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()  # of a link: the link


def _has_run(result: Path) -> bool:
    """Return whether a result belongs to a scenario that was started."""
    try:
        return f'"message": "{NOT_RUN}' not in result.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
