"""An AWS account inside the run: starts the emulator's process, and always ends it."""

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from platformdirs import user_cache_path

from acceptance.aws.emulator import HOST
from acceptance.aws.emulator_heartbeat import ACCOUNT, of_line
from acceptance.aws.secret import SECRET
from acceptance.processes.child import Child, child_environment
from acceptance.settings import given
from acceptance.standstill.record import RECORD
from acceptance.trouble import Trouble

START_SECONDS = 30.0


class EmbeddedAccount:
    """A running embedded account. Use it as a context manager, or call `stop()`.

    It listens on the loopback interface only. It ends with this process, however that ends: it
    reads from a pipe whose other end is open here.
    """

    def __init__(self, port: int = 0, log: Path | None = None) -> None:
        """Start it on `port` (0: a free one) with its log in the file `log`. Raises Trouble if it cannot start."""
        self._directory = tempfile.mkdtemp(prefix="embedded-account-")
        log = log or Path(self._directory) / "account.log"
        try:
            _begin(log)
            environment = self._environment()
            self._process = Child("acceptance.aws.emulator", str(port), log=log, environment=environment)
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise
        try:
            self.port = self._read_port(port)
        except BaseException:  # Ctrl-C among them
            self.stop()
            raise
        self.url = f"http://{HOST}:{self.port}"
        self._process.each_line(self._hear, lambda: RECORD.forget(self._name))

    def log_to(self, log: Path) -> None:
        """Let it write its log to another file from now on. Raises Trouble if it cannot be written."""
        _begin(log)
        self._process.log_to(log)

    @property
    def _name(self) -> str:
        """Its name among the processes that report standstills of the machine."""
        return f"{ACCOUNT} {self._process.pid}"

    def _hear(self, line: str) -> None:
        """Record a heartbeat."""
        beat = of_line(line)
        if beat:
            RECORD.note(self._name, *beat)

    @property
    def pid(self) -> int:
        """Its process, which has started all others that it consists of."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the account's process still runs."""
        return self._process.alive

    def why_it_died(self) -> str:
        """The last lines of its log."""
        return self._process.last_words()

    def stop(self) -> None:
        """End the account and every process it started. Calling it again does nothing."""
        self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def kill(self) -> None:
        """End an account that does not answer, at once. `stop()` does the rest."""
        self._process.kill()

    def __enter__(self) -> "EmbeddedAccount":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        # No setting of the caller's may reach the functions that run inside; on AWS, too, they know UTC only.
        return {
            **child_environment(),
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "BIND_HOST": HOST,
            "DOCKER_HOST": f"unix://{Path(self._directory, 'no-docker')}",  # it would manage containers there
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_HOST": HOST,
            "NETRC": os.devnull,
            "SFTP_ENABLED": "0",
            "TZ": "UTC",
            # All that it writes, including Cognito's signing key, is deleted with it.
            "TMPDIR": self._directory,
            "TEMP": self._directory,
            "TMP": self._directory,
            "STATE_DIR": str(Path(self._directory, "state")),
            "S3_DATA_DIR": str(Path(self._directory, "s3")),
            "TRANSLATIONS": str(user_cache_path("acceptance-suite", appauthor=False) / "translations"),
        }

    def _read_port(self, wanted: int) -> int:
        line = self._process.next_line(START_SECONDS)
        if line:
            return int(line)
        reason = self.why_it_died()
        if "Address already in use" in reason or "10048" in reason:
            raise Trouble(
                f"Port {wanted} is taken, so the embedded account cannot listen there. "
                "Choose another one with -D embedded_port=…, or leave the setting out to take a free port."
            )
        raise Trouble(f"The embedded account did not start: {reason}.")


class Ahead:
    """An account that is begun before its settings are read: it loads while this process does the same.

    It ends with this process if nobody takes it.
    """

    _account: ClassVar["Future[EmbeddedAccount] | None"] = None

    @classmethod
    def begin(cls, userdata: Mapping[str, str]) -> None:
        """Begin one, unless a run with these settings (`-D name=value`) wants none, or wants it on a certain port."""
        if given(userdata, "target") not in (None, "embedded") or given(userdata, "embedded_port"):
            return
        beginning = ThreadPoolExecutor(1)
        cls._account = beginning.submit(EmbeddedAccount)
        beginning.shutdown(wait=False)
        atexit.register(cls._end)

    @classmethod
    def take(cls) -> "EmbeddedAccount | None":
        """Return it, if one was begun, and has not been taken. Raises Trouble if it did not start."""
        begun, cls._account = cls._account, None
        return begun.result() if begun else None

    @classmethod
    def _end(cls) -> None:
        with contextlib.suppress(Trouble):
            if account := cls.take():
                account.stop()


def _begin(log: Path) -> None:
    """Create an empty log, of this account only. A link in its place is replaced, not followed."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.is_symlink():
            log.unlink()
        log.write_bytes(b"")
        log.chmod(0o600)  # only the owner may read what functions print there
    except OSError as error:
        raise Trouble(
            f"The embedded account's log cannot be written to {log}: {error.strerror or error}. "
            "Make room there, or choose another folder with -D results=…."
        ) from error
