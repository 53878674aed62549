"""Where telemetry goes, by OpenTelemetry's own variables of the environment; nothing is imported for that.

https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and …/configuration/sdk-environment-variables/ say what each
variable means.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal
from urllib.parse import unquote, urlsplit

from acceptance.masking import remember_secret

Signal = Literal["traces", "metrics"]
SIGNALS: tuple[Signal, ...] = ("traces", "metrics")
EXTRA = "otel"
HTTP, GRPC = "http/protobuf", "grpc"
# By protocol: the module of its exporters, and the extra that installs it.
MODULES: Mapping[str, tuple[str, str]] = {
    HTTP: ("opentelemetry.exporter.otlp.proto.http", EXTRA),
    GRPC: ("opentelemetry.exporter.otlp.proto.grpc", f"{EXTRA}-grpc"),
}
# How long the end of a run waits for the collector at most, in s: what the specification allows for one export.
LONGEST_SECONDS = 10.0
_PREFIX = "OTEL_EXPORTER_OTLP_"


class Unusable(Exception):
    """A variable has an invalid value; the message says which one, and what it may be."""


@dataclass(frozen=True)
class Endpoint:
    """Where one signal goes: the `address` that `variable` gives, by this protocol."""

    variable: str
    address: str
    protocol: str

    @property
    def shown(self) -> str:
        """The address in a printable form: without a user, a password, or a query."""
        parts = urlsplit(self.address if "//" in self.address else f"//{self.address}")
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else f"{host}{parts.path}"


def endpoints(environ: Mapping[str, str] | None = None) -> Mapping[Signal, Endpoint]:
    """Return the destination of each signal that has one. Raises Unusable if it cannot be determined.

    A signal without an address goes nowhere, though the specification would send it to this machine.
    """
    variables = os.environ if environ is None else environ
    if variables.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return {}
    found = {}
    for signal in SIGNALS:
        exporter = variables.get(f"OTEL_{signal.upper()}_EXPORTER", "").strip() or "otlp"
        if exporter == "none":
            continue
        variable, address = _given(variables, signal, "ENDPOINT")
        if address:
            if exporter != "otlp":
                raise Unusable(f"OTEL_{signal.upper()}_EXPORTER is “{exporter}”; a run knows otlp and none.")
            found[signal] = _checked(variables, signal, variable, address)
    return found


def seconds_to_wait(environ: Mapping[str, str] | None = None) -> float:
    """Return for how long the end of a run waits for the collector (s): `OTEL_EXPORTER_OTLP_TIMEOUT`, 10 at most."""
    text = (os.environ if environ is None else environ).get(f"{_PREFIX}TIMEOUT", "")
    try:
        seconds = float(text)
    except ValueError:
        return LONGEST_SECONDS
    return max(0.0, seconds) if seconds < LONGEST_SECONDS else LONGEST_SECONDS


def missing(chosen: Mapping[Signal, Endpoint]) -> str:
    """Return which extra must be installed before anything can be exported; "" if nothing is missing."""
    for endpoint in chosen.values():
        module, extra = MODULES[endpoint.protocol]
        if not _is_installed(module):
            return (
                f"{endpoint.variable} is set, but the packages that export by {endpoint.protocol} are not installed. "
                f"Install them by: pip install -e '.[{extra}]'."
            )
    return ""


def remember_headers(environ: Mapping[str, str] | None = None) -> None:
    """Remember the values of the headers that are sent, which are secrets: they are masked everywhere."""
    variables = os.environ if environ is None else environ
    for name in (f"{_PREFIX}HEADERS", *(f"{_PREFIX}{signal.upper()}_HEADERS" for signal in SIGNALS)):
        for header in variables.get(name, "").split(","):
            value = header.partition("=")[2].strip()
            for secret in {value, unquote(value), unquote(value).rpartition(" ")[2]} - {""}:
                remember_secret(secret)


def _given(variables: Mapping[str, str], signal: Signal, what: str) -> tuple[str, str]:
    """Return the variable that counts for a signal, and its value: its own takes precedence over the general one."""
    for name in (f"{_PREFIX}{signal.upper()}_{what}", f"{_PREFIX}{what}"):
        value = variables.get(name, "").strip()
        if value:
            return name, value
    return "", ""


def _checked(variables: Mapping[str, str], signal: Signal, variable: str, address: str) -> Endpoint:
    named, protocol = _given(variables, signal, "PROTOCOL")
    protocol = protocol or HTTP
    if protocol not in MODULES:
        raise Unusable(f"{named} is “{protocol}”; a run knows {' and '.join(MODULES)}.")
    endpoint = Endpoint(variable, address, protocol)
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, whole = urlsplit(""), False
    bare = protocol == GRPC and "//" not in address and bool(address.partition(":")[0])
    if not (whole or bare):
        raise Unusable(
            f"{variable} is “{endpoint.shown if parts.netloc else address}”, which is no address of a collector: "
            "it has the form http://host:4318 or https://host."
        )
    return endpoint


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # one of the packages that it is in
        return False
