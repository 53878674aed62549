"""Formatters of behave that let an accident happen between two steps of a scenario: `--format=accidents:…`."""

import os
import signal
from pathlib import Path

from behave.formatter.base import Formatter


def account():
    """The process group of the embedded account that this run has started."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        parent, group = stat.read_text().rpartition(")")[2].split()[1:3]
        if int(parent) == os.getpid() and int(group) != os.getpgrp():
            return int(group)
    raise LookupError("there is no embedded account")


class Accident(Formatter):
    """Something happens once, after the first step of the second scenario."""

    def __init__(self, stream_opener, config):
        super().__init__(stream_opener, config)
        self._scenarios = 0

    def scenario(self, scenario):
        self._scenarios += 1

    def result(self, step):
        if self._scenarios == 2:
            self._scenarios += 1
            self.happens()


class AccountIsKilled(Accident):
    """The embedded account is killed."""

    name = "account_is_killed"

    def happens(self):
        os.killpg(account(), signal.SIGKILL)


class AccountHangs(Accident):
    """The embedded account says nothing any more, and does not end."""

    name = "account_hangs"

    def happens(self):
        os.killpg(account(), signal.SIGSTOP)
