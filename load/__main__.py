"""`python -m load [cafe]`: a run with Locust's own options, small and without a page unless they say otherwise."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from acceptance.load import NO_ENGINE

HERE = Path(__file__).parent
# What is said of each where the command line does not.
USUAL = {("-u", "--users"): "2", ("-t", "--run-time"): "1m", ("--processes",): "2"}
# Where one of these is said, Locust's page or another process has the say.
OTHERS = ("--master", "--worker", "--autostart", "--web-port", "--web-host", "--help", "-h")

# Where the processes of a run meet.
PORTS = ("--master-port", "--master-bind-port")


def systems() -> Sequence[str]:
    """Return the systems that there is a file of Locust's for: those that end with a shape."""
    files = (path for path in HERE.glob("*.py") if "class Stages(stages.Stages)" in path.read_text(encoding="utf-8"))
    return sorted(path.stem for path in files if path != Path(__file__))


def command(arguments: Sequence[str]) -> list[str]:
    """Return what is run. Raises SystemExit, with a sentence, where that cannot be."""
    named = bool(arguments) and not arguments[0].startswith("-")
    name, given = arguments[0] if named else "cafe", list(arguments[named:])
    if name not in systems():
        raise SystemExit(f"No system under load is called “{name}”. There are: {', '.join(systems())}.")
    if find_spec("locust") is None:
        raise SystemExit(f"{NO_ENGINE[0].upper()}{NO_ENGINE[1:]}.")
    said = {one.partition("=")[0] for one in given}
    usual: list[str] = []
    if not said & set(OTHERS):
        usual = ["--headless", "--only-summary"]
        for names, value in USUAL.items():
            usual += [] if said & set(names) else [names[-1], value]
    if not said & {*PORTS, "--master", "--worker"}:  # or two runs on one machine would share their workers
        port = str(_free_port())
        usual += [part for name in PORTS for part in (name, port)]
    return [sys.executable, "-m", "locust", "-f", str(HERE / f"{name}.py"), *usual, *given]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


if __name__ == "__main__":
    run = command(sys.argv[1:])
    os.execv(run[0], run)  # noqa: S606 - Locust takes this process's place
