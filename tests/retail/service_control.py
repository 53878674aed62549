"""Start and stop services as their operator does: `python service_control.py start|stop|crash FOLDER NAME`.

A file NAME.json in the folder says what to run, where, and with which environment; NAME.pid holds its process.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

SECONDS = 20
GLANCE_SECONDS = 0.02


def describe(folder, name, command, cwd, environment):
    """Say how a service is run."""
    what = {"command": [str(part) for part in command], "cwd": str(cwd), "environment": environment}
    (folder / f"{name}.json").write_text(json.dumps(what), encoding="utf-8")


def start(folder, name):
    """Start a service that outlives this program."""
    what = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            what["command"],
            cwd=what["cwd"],
            env=what["environment"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (folder / f"{name}.pid").write_text(str(process.pid), encoding="utf-8")


def end(folder, name, number):
    """Send a service a signal, and wait until it has ended."""
    try:
        process = psutil.Process(int((folder / f"{name}.pid").read_text(encoding="utf-8")))
        process.send_signal(number)
        patience = time.monotonic() + SECONDS
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < patience:
            threading.Event().wait(GLANCE_SECONDS)
    except (psutil.NoSuchProcess, FileNotFoundError):
        pass


def end_all(folder):
    """End every service at once."""
    for file in folder.glob("*.pid"):
        end(folder, file.stem, signal.SIGKILL)


if __name__ == "__main__":
    what, folder, name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if what == "start":
        start(folder, name)
    else:
        end(folder, name, {"stop": signal.SIGTERM, "crash": signal.SIGKILL}[what])
