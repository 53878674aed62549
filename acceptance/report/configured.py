"""behave's configuration, wherever behave is started: it searches for behave.ini in the current folder only."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from behave.configuration import Configuration

from acceptance.behave_adapter import configuration_by, names_no_runner, run_by
from acceptance.root import ROOT

_OURS = "acceptance.runner"
_OWN = ROOT / "behave.ini"


def configured(arguments: Sequence[str]) -> Configuration:
    """Read the configuration; the suite's own if the current folder's does not name the suite's runner."""
    config = Configuration(list(arguments))
    return configuration_by(_OWN, arguments) if names_no_runner(config) else config


def run_as_at_home() -> None:
    """Run behave with the suite's own configuration, and exit, if it was started with another one.

    Call it in environment.py, which behave finds from any folder. Without the suite's runner and formatters nothing
    would be checked, and nothing reported.
    """
    if _OURS in sys.modules:
        return
    config = configuration_by(_OWN, sys.argv[1:])
    if config.runner.startswith(_OURS):
        sys.exit(run_by(config))
    # Another runner, named on purpose on the command line: it finds the systems' steps as well.
    from acceptance.runner.step_files import steps_by_system

    steps_by_system(_OWN.parent / "steps")
