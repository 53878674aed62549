"""How a program has ended: its exit status, or the signal that ended it, which is negative."""

from __future__ import annotations

import signal

# What ends a program from outside: the system without memory, an operator, a terminal that is closed.
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
# A shell, and some runtimes, make an exit status of a signal.
SHELLS_STATUS = 128


def signal_of(status: int | None) -> int:
    """Return the signal by which a program has ended, also where a shell reports it; 0 if it was none."""
    if status is None or status < 0:
        return -(status or 0)
    return status - SHELLS_STATUS if status - SHELLS_STATUS in {*signal.Signals} else 0


def was_killed(status: int | None) -> bool:
    """Tell whether a program was ended from outside: that says nothing about the program."""
    return signal_of(status) in KILLS


def in_words(status: int | None) -> str:
    """Say how a program has ended."""
    if status is None:
        return "no exit status"
    number = signal_of(status)
    name = f"signal {signal.Signals(number).name if number in {*signal.Signals} else number}"
    if status < 0:
        return name
    return f"exit status {status} ({name})" if number else f"exit status {status}"
