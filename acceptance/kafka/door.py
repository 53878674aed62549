"""A door in front of a server of this process: it admits only programs of the user who runs it.

The server's own listening socket becomes the door's, on the same port, and the server gets a replacement that only
this process can reach. So the door cannot be bypassed. The owner of a connection is read from the operating
system's table of connections, so that no client has to know a secret. Only Linux has that table.
"""

import os
import socket
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
PIECE, BACKLOG = 1 << 16, 128
ROOT = 0


def can_be_kept() -> bool:
    """Whether this operating system reports the owner of a connection."""
    return sys.platform == "linux" and TABLES[0].exists()


class Door:
    """Guards the server in this process that listens on a port of the loopback interface."""

    def __init__(self, port: int) -> None:
        """Put the door in place, for as long as the process lives. Raises OSError if no server listens."""
        server = _listening(port)
        self._outside = socket.socket(fileno=os.dup(server))
        self._outside.setblocking(True)
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as inside:
            path = str(Path(folder, "server"))
            inside.bind(path)
            inside.listen(BACKLOG)
            inside.setblocking(False)  # as the server expects it
            os.dup2(inside.fileno(), server)
            # Only this process can reach a socket without a name.
            self._inside = f"/proc/self/fd/{os.open(path, os.O_PATH)}"
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        while True:
            caller, address = self._outside.accept()
            threading.Thread(target=self._let_in, args=(caller, address[1]), daemon=True).start()

    def _let_in(self, caller: socket.socket, port: int) -> None:
        with caller, socket.socket(socket.AF_UNIX) as server:
            user = _user_of(port, self._outside.getsockname()[1])
            if user not in (os.getuid(), ROOT):
                sys.stderr.write(f"refused a program of {'another user' if user is None else f'the user {user}'}\n")
                sys.stderr.flush()
                return
            with suppress(OSError):
                server.connect(self._inside)
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = threading.Thread(target=_hand_on, args=(server, caller), daemon=True)
                back.start()
                _hand_on(caller, server)
                back.join()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    """Forward what one side sends until either side ends, and end both."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for side in (source, target):
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)


def _listening(port: int) -> int:
    """Return the descriptor of this process's socket that listens on a port."""
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(path.name))) as one:
            listens = one.family == socket.AF_INET and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and one.getsockname()[1] == port:
                return int(path.name)
    raise OSError(f"Nothing in this process listens on port {port}.")


def _user_of(port: int, to: int) -> int | None:
    """Return the owner of the socket with this port that is connected to another one; None if there is none."""
    for table in TABLES:
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                _, local, remote, *rest = line.split()
                if (_port(local), _port(remote)) == (port, to):
                    return int(rest[4])
    return None


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
