"""The labels, links and description of a scenario's page, from its tags, its names and its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from allure_commons.mapping import parse_tag
from allure_commons.model2 import Label, Link
from allure_commons.types import LabelType, Severity
from allure_commons.utils import host_tag, thread_tag

from acceptance.report.selection import rule_of

# One value each: the tag nearest to the scenario wins over its rule's and its feature's.
_ONE_OF_A_KIND = (LabelType.SEVERITY, LabelType.EPIC, LabelType.FEATURE, LabelType.STORY, LabelType.ID)


def labels_of(scenario: Any, path: str) -> list[Label]:
    """Return a scenario's labels: those its tags name, then those its place implies."""
    rule = rule_of(scenario)
    implied = [
        (LabelType.EPIC, epic_of(path)),
        (LabelType.FEATURE, scenario.feature.name),
        (LabelType.STORY, rule.name if rule else ""),
        (LabelType.SEVERITY, Severity.NORMAL.value),
    ]
    told = [parse_tag(tag) for tag in tags_of(scenario)]
    found = [label for label in told if isinstance(label, Label)]
    found += [Label(name=name, value=value) for name, value in implied if value]
    return [*_without_doubles(found), *environment_labels()]


def environment_labels() -> list[Label]:
    """Return the labels every result has; without host and thread Allure's timeline stays empty."""
    return [
        Label(name=LabelType.HOST, value=host_tag()),
        Label(name=LabelType.THREAD, value=thread_tag()),
    ]


def links_of(scenario: Any, issue_pattern: str | None, link_pattern: str | None) -> list[Link]:
    """Return the links that tags like `@allure.issue:42` name."""
    told = [parse_tag(tag, issue_pattern, link_pattern) for tag in tags_of(scenario)]
    return [link for link in told if isinstance(link, Link)]


def tags_of(scenario: Any) -> list[str]:
    """Return a scenario's tags without repeats, its own first, then its rule's and its feature's."""
    rule = rule_of(scenario)
    inherited = [*(rule.tags if rule else []), *scenario.feature.tags]
    return list(dict.fromkeys(str(tag) for tag in [*scenario.tags, *inherited]))


def epic_of(path: str) -> str:
    """Return an epic for the first folder under features/: `night_trains` is “Night trains”."""
    folders = path.split("/")[:-1]
    if "features" in folders:
        folders = folders[folders.index("features") + 1 :]
    return name_of_system(folders[0]) if folders else ""


def name_of_system(folder: str) -> str:
    """Return a system's name for people, from the name of its folder: `night_trains` is “Night trains”."""
    return folder.replace("_", " ").replace("-", " ").capitalize()


def description_of(scenario: Any) -> str:
    """Combine the descriptions of the feature, the rule and the scenario."""
    parts = [scenario.feature, rule_of(scenario), scenario]
    texts = ("\n".join(part.description).strip() for part in parts if part is not None)
    return "\n\n".join(text for text in texts if text)


def _without_doubles(labels: Iterable[Label]) -> Iterator[Label]:
    seen = set()
    for label in labels:
        mark = label.name if label.name in _ONE_OF_A_KIND else (label.name, label.value)
        if mark not in seen:
            seen.add(mark)
            yield label
