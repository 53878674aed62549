"""The programs of a system that the run itself keeps running, as an owner's platform would."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from acceptance.processes.child import Child
from acceptance.standstill.watch import leave_program, watch_program

# How long a program may take to end when it is asked to, in s.
STOP_SECONDS = 10.0


class Programs:
    """Some programs by their names, each a Python module in one folder. Each has a log of its output."""

    def __init__(self, folder: Path, modules: Mapping[str, str], environment: Mapping[str, str], log: Path) -> None:
        """`modules` by the names of the programs. Their logs are beside `log`, named after it and the module."""
        files = {name: log.with_suffix(f".{module.rpartition('.')[2]}.log") for name, module in modules.items()}
        for file in files.values():
            file.unlink(missing_ok=True)
        self._new: Mapping[str, Callable[..., Child]] = {
            name: partial(Child, "acceptance.processes.keeper", str(folder), module) for name, module in modules.items()
        }
        self._environment = environment
        self._running: dict[str, Child] = {}
        self._files, self._read = files, dict[str, int]()

    def start(self) -> None:
        """Start each program that is not running."""
        for name in self._new:
            if name not in self._running or not self._running[name].alive:
                self.begin(name)

    def begin(self, name: str) -> None:
        """Start one that has ended."""
        if name in self._running:
            leave_program(self._running[name].pid)
            self._running[name].stop()
        self._run(name, name)

    def begin_another(self, name: str, without: Collection[str] = (), **variables: str) -> str:
        """Start another instance beside a program, and return its name, until it is `removed`.

        Its environment lacks some variables, and `variables` are other ones.
        """
        another = f"other {name}"
        self._files[another] = self._files[name].with_suffix(".other.log")
        self._run(another, name, without, **variables)
        return another

    def remove(self, another: str) -> None:
        """Forget another instance, and end it if it still runs."""
        child = self._running.pop(another)
        leave_program(child.pid)
        child.stop()

    def has_spoken(self, name: str) -> bool:
        """Whether one has written anything to its log since it was started."""
        return self._running[name].has_spoken

    def _run(self, called: str, name: str, without: Collection[str] = (), **variables: str) -> None:
        usual = {variable: value for variable, value in self._environment.items() if variable not in without}
        environment = {**usual, **variables}
        self._running[called] = self._new[name](log=self._files[called], environment=environment)
        watch_program(self._running[called].pid)

    def ask_to_end(self, name: str) -> None:
        """Ask one to end."""
        self._running[name].ask_to_stop()

    def interrupt(self, name: str) -> None:
        """End one as a person at its terminal does, by Ctrl-C."""
        self._running[name].interrupt()

    def ended(self, name: str) -> int | None:
        """Wait for the end of one, and return its exit status; None if it does not end and has to be killed."""
        try:
            return self._running[name].wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running[name].kill()
            return None

    def freeze(self, name: str) -> None:
        """Stop one temporarily."""
        self._running[name].freeze()

    def thaw(self, name: str) -> None:
        """Let one continue."""
        self._running[name].thaw()

    def crash(self, name: str) -> None:
        """End one at once, in the middle of its work."""
        self._running[name].kill()

    def fallen(self) -> Mapping[str, str]:
        """Return the last output of those that have ended by themselves, by their names."""
        return {
            name: f"it has ended with status {child.status}: {child.last_words()}"
            for name, child in self._running.items()
            if not child.alive
        }

    def stands_still(self, name: str) -> bool:
        """Whether one is stopped, as by SIGSTOP: it has not ended, and does nothing."""
        with suppress(psutil.Error):
            keeper = psutil.Process(self._running[name].pid)
            return any(one.status() == psutil.STATUS_STOPPED for one in (keeper, *keeper.children(recursive=True)))
        return False

    def written(self) -> Mapping[str, str]:
        """Return what each program has written to its log since the last call."""
        texts = {}
        for name, file in self._files.items():
            with suppress(FileNotFoundError), file.open("rb") as log:
                log.seek(self._read.get(name, 0))
                texts[name] = log.read().decode(errors="replace")
                self._read[name] = log.tell()
        return texts

    def last_words(self) -> Mapping[str, str]:
        """Return the last lines of each log."""
        return {name: child.last_words() for name, child in self._running.items()}

    def stop(self) -> None:
        """End all of them, at once."""
        for child in self._running.values():
            leave_program(child.pid)
            child.kill()
            child.stop()
