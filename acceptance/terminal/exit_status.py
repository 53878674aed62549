"""How a program has ended: its exit status, or the signal that ended it, which is negative."""

from __future__ import annotations

import signal

# Signals that end a program from outside: lack of memory, an operator, a closed terminal.
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
# A shell, and some runtimes, turn a signal into an exit status.
SHELLS_STATUS = 128


def signal_of(status: int | None) -> int:
    """Return the signal that ended a program, also if a shell reports it; 0 if there was none."""
    if status is None or status < 0:
        return -(status or 0)
    return status - SHELLS_STATUS if status - SHELLS_STATUS in {*signal.Signals} else 0


def was_killed(status: int | None) -> bool:
    """Return whether a program was ended from outside, which says nothing about the program."""
    return signal_of(status) in KILLS


def in_words(status: int | None) -> str:
    """Describe how a program has ended."""
    if status is None:
        return "no exit status"
    number = signal_of(status)
    name = f"signal {signal.Signals(number).name if number in {*signal.Signals} else number}"
    if status < 0:
        return name
    return f"exit status {status} ({name})" if number else f"exit status {status}"
