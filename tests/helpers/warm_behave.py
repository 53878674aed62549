"""behave in a process of its own, without the second that its imports take: they are loaded once, then forked.

`run()` does what `python -m behave` does in a folder: own process, working directory, environment, output and exit
status. As a program this is what forks: a run is a line of JSON on its standard input, its exit status one of output.
"""

import atexit
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a run of a small project imports before it looks at its own files.
LOADED = (
    "behave.__main__",
    "acceptance.runner.side_by_side",
    "acceptance.report.formatter",
    "acceptance.report.progress",
    "acceptance.report.integrity",
    "acceptance.report.run",
)


@dataclass
class Warm:
    """The process that has all loaded and forks; it is started by the first run, and ends with this one."""

    process: subprocess.Popen[str] | None = None

    def run(self, request: dict[str, Any], seconds: float) -> int:
        """Fork a run and return its exit status."""
        if self.process is None or self.process.poll() is not None:
            program = [sys.executable, __file__]
            self.process = subprocess.Popen(
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
            )
            atexit.register(self.end)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            self.end()
            raise subprocess.TimeoutExpired(request["arguments"], seconds)
        return int(self.process.stdout.readline())

    def end(self) -> None:
        """End it, and a run that it has forked."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait()


_warm = Warm()


def run(folder: Path, arguments: tuple[str, ...], environment: dict[str, str], seconds: float) -> tuple[int, bytes]:
    """Run behave in a folder and return its exit status and what it printed."""
    with tempfile.NamedTemporaryFile() as output:
        request = {"folder": str(folder), "arguments": arguments, "environment": environment, "output": output.name}
        return _warm.run(request, seconds), output.read()


def _serve() -> None:
    for module in LOADED:
        __import__(module)
    del sys.modules["behave.__main__"]  # what it imports stays; itself it is run
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(**json.loads(line))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def _become(folder: str, arguments: list[str], environment: dict[str, str], output: str) -> None:
    """Be the run: the process ends as one that was started by `python -m behave` does."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for descriptor, path, flags in ((0, os.devnull, os.O_RDONLY), (1, output, os.O_WRONLY | os.O_APPEND)):
        os.dup2(os.open(path, flags), descriptor)
    os.dup2(1, 2)
    encoding, _, errors = environment.get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115 - it stays open as long as the process
    sys.stdout = open(1, "w", encoding=encoding, errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.path[0] = folder
    sys.argv = ["behave", *arguments]
    runpy.run_module("behave", run_name="__main__", alter_sys=True)
    raise SystemExit(0)


if __name__ == "__main__":
    _serve()
