"""Lets the embedded account fork its Python functions from a process that has already loaded boto3.

Nearly all the cost of a function's first call is the start of an interpreter and the import of boto3, and a crowd
starts dozens at once. AWS has machines enough for that; here it takes the processor from everything else, and the
system under test looks slow. So `multiprocessing`'s fork server loads boto3 once, and each worker of a function is
forked from it. Each worker still loads the function's own code.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing import forkserver, reduction
from typing import IO, Any

# The second is what the emulator's own module needs, which `multiprocessing` runs anew in each fork.
LOADED = ["acceptance.aws.function_worker", "asyncio"]
# The fork server listens at a socket in the temporary directory, whose path Linux bounds at 107 bytes.
LONGEST_DIRECTORY = 107 - len("/pymp-12345678/listener-12345678")


def fork_functions() -> None:
    """Make MiniStack start its workers of Python functions in this way, where a fork is safe: on Linux."""
    if sys.platform != "linux" or len(os.fsencode(tempfile.gettempdir())) > LONGEST_DIRECTORY:
        return
    from ministack.core import lambda_runtime

    lambda_runtime.subprocess = _Subprocess()


class _Subprocess:
    """The module `subprocess`, but for the start of a worker of a Python function."""

    def __init__(self) -> None:
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(LOADED)
        forkserver.ensure_running()  # it loads beside the account: a deployment may well call a function
        # MiniStack calls from many threads, which `multiprocessing` does not expect.
        self._one_at_a_time = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def Popen(self, command: list[str], **options: Any) -> Any:
        if len(command) == 2 and command[0] == sys.executable:
            with self._one_at_a_time:
                return ForkedWorker(self._forks, command[1], options["cwd"], options["env"])
        return subprocess.Popen(command, **options)  # noqa: S603 - MiniStack's own


class ForkedWorker:
    """A worker of a function, with what MiniStack uses of `subprocess.Popen`."""

    def __init__(self, forks: Any, script: str, folder: str, environment: Mapping[str, str]) -> None:
        """Fork it, with pipes to and from it."""
        (its_input, our_input), (our_output, its_output), (our_errors, its_errors) = os.pipe(), os.pipe(), os.pipe()
        self.stdin = os.fdopen(our_input, "w", encoding="utf-8", buffering=1)
        self.stdout = _reader(our_output)
        self.stderr = _reader(our_errors)
        its_own = (its_input, its_output, its_errors)
        try:
            arguments = (script, folder, dict(environment), tuple(map(_Handed, its_own)))
            self._process = forks.Process(target=_run, args=arguments)
            self._process.start()
        finally:
            for descriptor in its_own:
                os.close(descriptor)
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        status: int | None = self._process.exitcode
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Wait at most this many seconds for its end, and return its exit status. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("a function's worker", timeout or 0.0)
        return status


class _Handed:
    """An open file's descriptor, which becomes the forked process's own on its way there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, tuple[Any]]:
        return _taken, (reduction.DupFd(self._descriptor),)


def _taken(handed: Any) -> int:
    descriptor: int = handed.detach()
    return descriptor


def _reader(descriptor: int) -> IO[str]:
    return os.fdopen(descriptor, encoding="utf-8", errors="backslashreplace")


def _run(script: str, folder: str, environment: Mapping[str, str], descriptors: tuple[int, int, int]) -> None:
    from acceptance.aws.function_worker import run  # loads boto3, which this process does not need

    run(script, folder, environment, descriptors)
