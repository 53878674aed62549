"""A cluster whose connections drop: a proxy in front of a broker, which loses every n-th answer of some kinds.

It reads the frames of Kafka's protocol. A request of one of the kinds counts; of every n-th the connection is closed,
either before the broker has seen the request, or after it has answered, so that the effect is there and the answer is
lost. In the answers the broker's port is replaced by the proxy's own one, so that no client gets around it.
"""

import contextlib
import itertools
import socket
import struct
import threading
import time

HOST = "127.0.0.1"
PRODUCE, FETCH, LIST_OFFSETS, METADATA, INIT_PRODUCER_ID = 0, 1, 2, 3, 22
BEFORE, AFTER = "before the effect", "after the effect"


class LossyKafka:
    """The proxy. `address` is where it listens, `lost` what it has lost; `close()` it.

    Of what comes within `at_least` seconds after a loss nothing is lost: a client which waits 0.1 s before it connects
    again would otherwise see hardly anything else.
    """

    def __init__(self, behind, kinds, every, when, at_least=0.0):
        self._behind = int(behind.rpartition(":")[2])
        self._kinds, self._every, self._when, self._at_least = frozenset(kinds), every, when, at_least
        self._turns = {kind: itertools.count(1) for kind in kinds}
        self._last = 0.0
        self.lost = []
        self._open = []
        self._listener = socket.create_server((HOST, 0))
        self._port = self._listener.getsockname()[1]
        self.address = f"{HOST}:{self._port}"
        self._own = HOST.encode() + struct.pack(">i", self._behind)
        self._others = HOST.encode() + struct.pack(">i", self._port)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                outside, _ = self._listener.accept()
                threading.Thread(target=self._let_through, args=(outside,), daemon=True).start()

    def _let_through(self, outside):
        with contextlib.suppress(OSError, EOFError), outside, socket.create_connection((HOST, self._behind)) as inside:
            for one in (outside, inside):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.append(one)
            doomed = set()
            threading.Thread(target=self._answers, args=(inside, outside, doomed), daemon=True).start()
            while True:
                request = _receive(outside)
                kind, _, correlation = struct.unpack(">hhi", request[:8])
                if self._is_lost(kind):
                    if self._when == BEFORE:
                        return _shut(inside, outside)
                    doomed.add(correlation)
                _send(inside, request)

    def _answers(self, inside, outside, doomed):
        with contextlib.suppress(OSError, EOFError):
            while True:
                answer = _receive(inside)
                if struct.unpack(">i", answer[:4])[0] in doomed:
                    break
                _send(outside, answer.replace(self._own, self._others))
        _shut(inside, outside)

    def _is_lost(self, kind):
        if kind not in self._kinds or next(self._turns[kind]) % self._every:
            return False
        if time.monotonic() - self._last < self._at_least:
            return False
        self._last = time.monotonic()
        self.lost.append(kind)
        return True


def _shut(*connections):
    for one in connections:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _send(connection, message):
    connection.sendall(struct.pack(">i", len(message)) + message)


def _receive(connection):
    (length,) = struct.unpack(">i", _exactly(connection, 4))
    return _exactly(connection, length)


def _exactly(connection, count):
    read = bytearray()
    while len(read) < count:
        more = connection.recv(min(65536, count - len(read)))
        if not more:
            raise EOFError
        read += more
    return bytes(read)
