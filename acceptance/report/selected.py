"""The scenarios that a command line of behave's selects, found without a run, for `python -m acceptance doctor`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.exception import ConfigError, FileNotFoundError, InvalidFilenameError
from behave.parser import ParserError

from acceptance.behave_adapter import features_of
from acceptance.report.configured import configured
from acceptance.report.nearest import nearest_path
from acceptance.report.selection import Identity, identities, is_selected
from acceptance.system import system_of
from acceptance.trouble import Trouble


@dataclass(frozen=True)
class Selected:
    """A scenario of a system, as behave read it, with its names."""

    system: str
    scenario: Any
    identity: Identity

    @property
    def tags(self) -> frozenset[str]:
        """Its tags, and those of its rule and its feature."""
        return frozenset(map(str, self.scenario.effective_tags))


def selected(arguments: Sequence[str]) -> Sequence[Selected]:
    """Return the scenarios that behave would run with these arguments. Raises Trouble if it cannot read them."""
    try:
        config = configured(arguments)
        features = features_of(config)
    except (FileNotFoundError, InvalidFilenameError) as missing:
        path = re.sub(r":\d+$", "", str(missing))
        what = f"{path} is no feature file." if Path(path).exists() else f"There is no {path}."
        raise Trouble(f"{what}{nearest_path(path, Path.cwd())}") from None
    except (ConfigError, ParserError, OSError) as error:
        raise Trouble(f"The features cannot be read: {str(error).strip().rstrip('.')}.") from error
    return [
        Selected(system_of(str(scenario.filename)), scenario, identity)
        for feature in features
        for scenario, identity in identities(feature, config)
        if is_selected(scenario, config)
    ]
