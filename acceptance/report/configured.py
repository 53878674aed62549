"""behave's configuration, wherever behave is started: it looks for behave.ini in the current folder only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from behave.__main__ import run_behave
from behave.configuration import DEFAULT_RUNNER_CLASS_NAME, Configuration, read_configuration

_OURS = "acceptance.runner"
_HOME = Path(__file__).parents[2]


def configured(arguments: Sequence[str]) -> Configuration:
    """Read the configuration; where the current folder's does not name the suite's runner, by the suite's own."""
    config = Configuration(list(arguments))
    return config if config.runner != DEFAULT_RUNNER_CLASS_NAME else _by_own(arguments)


def run_as_at_home() -> None:
    """Run behave with the suite's own configuration, and end it, if it was started by another one.

    Call it in environment.py, which behave finds from any folder. Without the suite's runner and formatters nothing
    would be checked, and nothing reported.
    """
    if _OURS in sys.modules:
        return
    config = _by_own(sys.argv[1:])
    if config.runner.startswith(_OURS):  # and not another one that the command line names on purpose
        sys.exit(run_behave(config))


def _by_own(arguments: Sequence[str]) -> Configuration:
    return Configuration(list(arguments), load_config=False, **read_configuration(str(_HOME / "behave.ini")))
