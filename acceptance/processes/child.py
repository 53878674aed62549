"""A process of the run that never outlives it, with its log."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from acceptance.root import ROOT
from acceptance.settings import environment_prefixes

STOP_SECONDS = 5.0
LAST_LINES = 3


# What a program needs to find itself, its libraries and a place for its files. All other variables of the caller
# are meant for something else: MiniStack alone reads more than a hundred variables, and Python some thirty.
NEEDED = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    *("PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE", "PYTHONNOUSERSITE"),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
    # Windows
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMDATA", "APPDATA", "LOCALAPPDATA"),
    *("USERNAME", "USERPROFILE", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
}
# The same for every program of the run, regardless of the language of the caller's terminal.
FIXED = {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}
# A system's own programs may need variables that the suite does not know, but none of these.
FOREIGN = ("AWS_", "BOTO", "KAFKA_", "OTEL_", "PYTHON")


def child_environment() -> dict[str, str]:
    """Return the environment of the suite's own programs: only what a program needs of its machine."""
    return {name: value for name, value in os.environ.items() if name in NEEDED} | FIXED


def system_environment() -> dict[str, str]:
    """Return the environment of a system's programs.

    It is the caller's without AWS, Kafka, OpenTelemetry, proxies, Python's switches and the suite's settings.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*FOREIGN, *environment_prefixes())) and not name.lower().endswith("_proxy")
    }
    return inherited | child_environment()


class Child:
    """A running program. Always `stop()` it.

    The program and its children end when its standard input ends: this process holds the other end of
    that pipe, so that it ends with this one, however that happens. `acceptance.processes.keeper` does that for programs
    which do not read their standard input.
    """

    def __init__(self, module: str, *arguments: str, log: Path, environment: Mapping[str, str]) -> None:
        """Start a Python module. Its standard error goes to the file `log`."""
        self._reader: threading.Thread | None = None
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as log_file:
            self._began_at = log_file.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                start_new_session=os.name == "posix",
            )

    @property
    def pid(self) -> int:
        """Its process id, which is that of its group too."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._process.poll()

    def next_line(self, within: float) -> str:
        """Return the next line that it prints, "" when it ends without one. It is ended after `within` seconds."""
        watchdog = threading.Timer(within, self._process.kill)
        watchdog.start()
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()  # otherwise it keeps the interpreter from ending
        if not line.strip():
            self._process.wait(STOP_SECONDS)
        return line.decode(errors="replace").strip()

    def each_line(self, take: Callable[[str], object], ended: Callable[[], object]) -> None:
        """Pass on each further line that it prints, from a thread, and call `ended` after the last one."""

        def read() -> None:
            assert self._process.stdout is not None  # noqa: S101 - for the type checker
            for line in self._process.stdout:
                take(line.decode(errors="replace").strip())
            ended()

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()

    def ask(self, line: str, within: float) -> str:
        """Write a line to its standard input, and return its answer as `next_line` does."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        return self.next_line(within)

    def log_to(self, log: Path) -> None:
        """Let it write its log to another file from now on: a program that reads such requests does that."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self.log, self._began_at = log, log.stat().st_size
        self._process.stdin.write(f"{json.dumps(str(log.resolve()))}\n".encode())
        self._process.stdin.flush()

    @property
    def has_spoken(self) -> bool:
        """Whether it has written anything to its log."""
        return self.log.exists() and self.log.stat().st_size > self._began_at

    def last_words(self) -> str:
        """The last lines that it has written to its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._began_at)
                lines = log.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        return " | ".join(line.strip() for line in lines[-LAST_LINES:]) or "it left no message"

    def stop(self, within: float = STOP_SECONDS) -> None:
        """End it and every process that it has started. Calling it again does nothing."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self._process.stdin.close()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(within)
        self._signal_group(signal.SIGKILL)  # children that outlive a crashed program
        if self._reader:
            self._reader.join(within)
        if self._process.stdout and not (self._reader and self._reader.is_alive()):
            self._process.stdout.close()

    def ask_to_stop(self) -> None:
        """Ask it to end by itself, as its user would (SIGTERM)."""
        self._signal_group(signal.SIGTERM)

    def interrupt(self) -> None:
        """Ask it to end as a person at its terminal does, by Ctrl-C (SIGINT)."""
        self._signal_group(signal.SIGINT)

    def wait(self, within: float) -> int:
        """Wait for its end, and return its exit status. Raises subprocess.TimeoutExpired if it does not end."""
        return self._process.wait(within)

    def freeze(self) -> None:
        """Stop it temporarily, with every process that it has started (SIGSTOP)."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it continue."""
        self._signal_group(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, with every process that it has started. `stop()` does the rest."""
        self._signal_group(signal.SIGKILL)
        self._process.kill()  # where there are no groups
        self._process.wait(STOP_SECONDS)

    def _signal_group(self, number: int) -> None:
        if os.name == "posix":
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                pass  # all have ended: the usual case
