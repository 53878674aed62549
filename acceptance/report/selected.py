"""Which scenarios a command line of behave's selects, looked at without a run: `python -m acceptance doctor` tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from behave.exception import ConfigError
from behave.parser import ParserError

from acceptance.behave_adapter import features_of
from acceptance.report.configured import configured
from acceptance.report.selection import identities, is_selected, rule_of
from acceptance.system import system_of
from acceptance.trouble import Trouble


@dataclass(frozen=True)
class Selected:
    """A scenario of a system: its place, names and tags, those of its rule and its feature among them."""

    system: str
    feature: str
    rule: str
    name: str
    tags: frozenset[str]


def selected(arguments: Sequence[str]) -> Sequence[Selected]:
    """Return the scenarios that behave would run with these arguments. Raises Trouble where it cannot read them."""
    try:
        config = configured(arguments)
        features = features_of(config)
    except (ConfigError, ParserError, OSError) as error:
        raise Trouble(f"The features cannot be read: {str(error).strip().rstrip('.')}.") from error
    return [
        Selected(
            system_of(str(scenario.filename)),
            str(feature.name),
            rule.name if (rule := rule_of(scenario)) else "",
            identity.name,
            frozenset(map(str, scenario.effective_tags)),
        )
        for feature in features
        for scenario, identity in identities(feature, config)
        if is_selected(scenario, config)
    ]
