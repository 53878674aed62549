"""A cluster that wants TLS and a password: a door in front of the mock cluster, which knows neither.

It ends TLS, and answers by itself what Kafka's protocol has for logging in (KIP-43, KIP-152: ApiVersions,
SaslHandshake, SaslAuthenticate with the mechanism PLAIN). Everything else it hands on; in the answers it replaces the
cluster's port by its own, so that nobody gets around it.
"""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import struct
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
API_VERSIONS, HANDSHAKE, AUTHENTICATE = 18, 17, 36
UNSUPPORTED_VERSION, AUTHENTICATION_FAILED = 35, 58
USER, PASSWORD = "acceptance", "right"


def certificate(folder):
    """Make a certificate for the loopback address, and return its file and that of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return paths


class GuardedKafka:
    """The door. `address` is where it listens; `close()` it."""

    def __init__(self, behind, paths):
        self._behind = int(behind.rpartition(":")[2])
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*paths)
        self._listener = socket.create_server((HOST, 0))
        self._port = self._listener.getsockname()[1]
        self.address = f"{HOST}:{self._port}"
        self.logged_in = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._let_in, args=(plain,), daemon=True).start()

    def _let_in(self, plain):
        with contextlib.suppress(OSError, EOFError), self._context.wrap_socket(plain, server_side=True) as outside:
            inside = socket.create_connection((HOST, self._behind))
            with inside:
                if self._log_in(outside, inside):
                    self.logged_in += 1
                    threading.Thread(target=self._answers, args=(inside, outside), daemon=True).start()
                    while True:
                        _send(inside, _receive(outside))

    def _log_in(self, outside, inside):
        """Answer what comes before a connection may be used, and tell whether it may be."""
        while True:
            request = _receive(outside)
            api, version, correlation = struct.unpack(">hhi", request[:8])
            (length,) = struct.unpack(">h", request[8:10])
            body = request[10 + max(0, length) :]
            if api == API_VERSIONS:
                answer = _versions(inside, 0 if version == 0 else UNSUPPORTED_VERSION)
            elif api == HANDSHAKE:
                answer = struct.pack(">hih", 0, 1, 5) + b"PLAIN"
            else:
                assert api == AUTHENTICATE, f"a client asks for {api} before it has logged in"
                knows = body[4:].split(b"\0")[1:] == [USER.encode(), PASSWORD.encode()]
                words = b"" if knows else b"the password is wrong"
                answer = struct.pack(">hh", 0 if knows else AUTHENTICATION_FAILED, len(words)) + words
                answer += struct.pack(">i", 0) + (struct.pack(">q", 0) if version else b"")
            _send(outside, struct.pack(">i", correlation) + answer)
            if api == AUTHENTICATE:
                return knows

    def _answers(self, inside, outside):
        own = HOST.encode() + struct.pack(">i", self._behind)
        with contextlib.suppress(OSError, EOFError):
            while True:
                _send(outside, _receive(inside).replace(own, HOST.encode() + struct.pack(">i", self._port)))


def _versions(inside, error):
    """Say what the cluster behind can do, and that one can log in here."""
    _send(inside, struct.pack(">hhih", API_VERSIONS, 0, 0, 4) + b"door")
    told = _receive(inside)[6:]
    (count,) = struct.unpack(">i", told[:4])
    known = [told[4 + 6 * place : 10 + 6 * place] for place in range(count)]
    known = [one for one in known if struct.unpack(">h", one[:2])[0] not in (HANDSHAKE, AUTHENTICATE)]
    known += [struct.pack(">hhh", api, 0, 1) for api in (HANDSHAKE, AUTHENTICATE)]
    # A client that cannot read this version's answer falls back to the first one (KIP-511).
    return struct.pack(">hi", error, len(known)) + b"".join(known)


def _send(connection, message):
    connection.sendall(struct.pack(">i", len(message)) + message)


def _receive(connection):
    (length,) = struct.unpack(">i", _exactly(connection, 4))
    return _exactly(connection, length)


def _exactly(connection, count):
    read = b""
    while len(read) < count:
        more = connection.recv(count - len(read))
        if not more:
            raise EOFError
        read += more
    return read
