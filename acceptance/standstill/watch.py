"""Watches this process, the programs that it runs, and an account on the same machine, for the whole of its life."""

import ipaddress
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from acceptance.standstill.heartbeat import Heartbeat
from acceptance.standstill.processor import Pressure
from acceptance.standstill.record import RECORD, RUN

# The watcher of an account that is another program of this machine.
NEIGHBOUR = "the account on this machine"

_lock = threading.Lock()
_watched_by = 0  # the process whose heart beats
_programs: set[int] = set()
_account: Heartbeat | None = None


def watch_this_process() -> None:
    """Start this process's heartbeat. Calling it again does nothing."""
    global _watched_by
    with _lock:
        if _watched_by != os.getpid():
            _watched_by = os.getpid()
            Heartbeat(partial(RECORD.note, RUN), _watched).start()


def watch_program(pid: int) -> None:
    """Watch how long a program and its children wait for a processor, until it is left."""
    watch_this_process()
    with _lock:
        _programs.add(pid)


def leave_program(pid: int) -> None:
    """Stop watching a program."""
    with _lock:
        _programs.discard(pid)


def watch_local_account(endpoint: str) -> None:
    """Watch the program at an address of this machine, and its children; nothing if it is on another machine.

    An emulator beside the run is delayed by the machine like the run itself. If its process cannot be found, for
    example because it is in a container, the waiting of the whole machine is used instead.
    The account that was watched before is left.
    """
    global _account
    with _lock:
        if _account:
            _account.stop()
        _account = None
        if port := _local_port(endpoint):
            programs = _listening(port)
            pressure = None if programs else Pressure(counts_delays=False)
            _account = Heartbeat(partial(RECORD.note, NEIGHBOUR), programs=programs, pressure=pressure)
            _account.start()


def _local_port(endpoint: str) -> int:
    """Return the port of an address on the loopback interface, 0 for any other address."""
    url = urlsplit(endpoint)
    port = url.port or (443 if url.scheme == "https" else 80)
    with suppress(OSError, UnicodeError):
        found = socket.getaddrinfo(url.hostname, port, type=socket.SOCK_STREAM)
        if all(ipaddress.ip_address(address[0]).is_loopback for *_, address in found):
            return port
    return 0


def _listening(port: int) -> list[int]:
    """Return the processes that listen at a port, as far as this user may see them."""
    import psutil

    with suppress(psutil.Error, OSError):
        listening = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
        return sorted({one.pid for one in listening if one.pid and getattr(one.laddr, "port", 0) == port})
    return []


def _watched() -> Mapping[str, Sequence[int]]:
    with _lock:
        return {f"program {pid}": [pid] for pid in _programs}
