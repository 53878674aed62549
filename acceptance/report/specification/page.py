"""The specification as one HTML page that makes no network requests, and can be read without a script.

A script, if it may run, adds a search, the meaning of a word beside it, and the pictures: these are packed, since
together they would be larger than the rest of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from acceptance.profile.promises import CORE, HOUSE_RULE
from acceptance.report.labels import name_of_system
from acceptance.report.packed_page import pack
from acceptance.report.pages import rendered
from acceptance.report.specification.contents import Examples, Feature, Rule, Scenario, Specification, System, Word
from acceptance.report.specification.glossary import Explained, meaning_of, tags_in
from acceptance.report.specification.ids import slug
from acceptance.report.specification.outcomes import NOT_RUN, WORDS, Outcome, Picture
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED

_HERE = Path(__file__).parent
_NOT_RUN = Outcome(NOT_RUN)
# The verdicts whose evidence a reader wants to see, in Allure's page.
_EXPLAINED_THERE = (FAILED, BROKEN, DEVIATING)
# Tags that only Allure reads.
_FOR_ALLURE = "allure."
_SHARED = "shared"


def page(specification: Specification, outcomes: Mapping[str, Outcome] | None = None, allure: str = "") -> str:
    """Return the page. `outcomes` are those of a run, by the keys of scenarios; None if there was none.

    `allure` is the page of Allure's, where each scenario has the same name as here; "" if there is none.
    """
    shared = list(dict.fromkeys(word for system in specification.systems for word in system.shared_words))
    systems = [SystemView(system, shared, outcomes) for system in specification.systems]
    return rendered(
        _HERE / "page.html",
        systems=systems,
        shared=list(_entries(shared, _SHARED)),
        problems=specification.problems(),
        has_run=outcomes is not None,
        tally=tally_of(one for system in systems for feature in system.features for one in feature.all_outcomes()),
        count=sum(1 for scenario in specification.scenarios() for _ in scenario.all_keys()),
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        script=Markup((_HERE / "page.js").read_text(encoding="utf-8")),  # noqa: S704 - our own
        ended=_ended(outcomes or {}),
        labels=WORDS,
        allure=allure,
        explained_there=_EXPLAINED_THERE,
        core=CORE,
        house_rule=HOUSE_RULE,
    )


def _ended(outcomes: Mapping[str, Outcome]) -> str:
    """Return when the last scenario ended, "" if none did."""
    last_ms = max((outcome.ended_ms for outcome in outcomes.values()), default=0)
    return datetime.fromtimestamp(last_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC") if last_ms else ""


@dataclass(frozen=True)
class Tally:
    """How many scenarios ended in one way. `word` is a verdict for machines, `label` one for readers."""

    word: str
    label: str
    count: int


def tally_of(outcomes: Iterable[Outcome]) -> list[Tally]:
    """Count outcomes by their verdicts, those that need attention first."""
    counted = Counter(outcome.word for outcome in outcomes)
    return [Tally(word, label, counted[word]) for word, label in WORDS.items() if counted[word]]


@dataclass(frozen=True)
class Entry:
    """A word of a glossary as it is shown: its link target, and its meaning."""

    id: str
    word: str
    meaning: Markup
    group: str


def _entries(words: Sequence[Word], place: str) -> Iterator[Entry]:
    for number, word in enumerate(words):
        yield Entry(f"w-{place}-{number}", str(meaning_of(word.word).striptags()), meaning_of(word.meaning), word.group)


class SystemView:
    """What the page shows of a system."""

    def __init__(self, system: System, shared: Sequence[Word], outcomes: Mapping[str, Outcome] | None) -> None:
        self.id, self._own = system.id, len(system.words)
        self.title = name_of_system(system.name)
        self._place = slug(system.name) or "system"
        self._words = [*system.words, *shared]
        self._tags = tags_in(self._words)
        self._explained: dict[str, Explained] = {}
        self.glossary = list(_entries(system.words, self._place))
        self.features = [FeatureView(feature, self, outcomes) for feature in system.features]

    @cached_property
    def tally(self) -> list[Tally]:
        """How its scenarios ended."""
        return tally_of(outcome for feature in self.features for outcome in feature.all_outcomes())

    def explained(self, text: str, language: str, seen: set[int]) -> Markup:
        """Return a text in which the words that are not yet `seen` link to their meanings."""
        if language not in self._explained:
            self._explained[language] = Explained(self._words, language)
        parts = self._explained[language].parts(text, seen)
        return Markup("").join(
            Markup("{}").format(part.text) if part.word is None else self._link(part.word, part.text) for part in parts
        )

    def tag(self, tag: str) -> Markup:
        """Return a tag, which links to its meaning if a glossary has it."""
        number = self._tags.get(tag)
        return Markup("@{}").format(tag) if number is None else self._link(number, f"@{tag}")

    def _link(self, number: int, text: str) -> Markup:
        own = number < self._own
        place, number = (self._place, number) if own else (_SHARED, number - self._own)
        return Markup('<a class=w href="#w-{}-{}">{}</a>').format(place, number, text)


class FeatureView:
    """What the page shows of a feature. `scope()` begins a part of it, in which a word is explained once."""

    def __init__(self, feature: Feature, system: SystemView, outcomes: Mapping[str, Outcome] | None) -> None:
        self.feature, self._system, self._outcomes = feature, system, outcomes
        self._pictures: dict[Path, str] = {}
        for outcome in self.all_outcomes():
            for picture in outcome.pictures:
                self._read(picture)
        self._numbers = {file: number for number, file in enumerate(self._pictures)}

    @cached_property
    def tally(self) -> list[Tally]:
        """How its scenarios ended, except those that passed."""
        return [one for one in tally_of(self.all_outcomes()) if one.word != PASSED]

    @staticmethod
    def scope() -> set[int]:
        """Return the words that are explained already: none."""
        return set()

    def text(self, text: str, seen: set[int]) -> Markup:
        """Return a text in which words lead to their meanings."""
        return self._system.explained(text, self.feature.language, seen)

    def tags(self, *holders: Feature | Rule | Scenario | Examples) -> list[Markup]:
        """Return the tags of a feature, rule or scenario as they are shown."""
        return [self._system.tag(tag) for one in holders for tag in one.tags if not tag.startswith(_FOR_ALLURE)]

    def kind(self, rule: Rule, scenario: Scenario) -> str:
        """Return who makes a scenario's promise: the tag that says so, "" if none does."""
        tags = {*self.feature.tags, *rule.tags, *scenario.tags}
        return next((kind for kind in (CORE, HOUSE_RULE) if kind in tags), "")

    def outcome(self, key: str) -> Outcome | None:
        """Return the outcome of a scenario, None if there was no run."""
        return None if self._outcomes is None else self._outcomes.get(key, _NOT_RUN)

    def tally_of(self, scenario: Scenario) -> list[Tally]:
        """Return how the examples of an outline ended."""
        return tally_of(self._outcomes_of(scenario))

    def all_outcomes(self) -> Iterator[Outcome]:
        """Return the outcomes of its scenarios; none if there was no run."""
        for scenario in self.feature.scenarios():
            yield from self._outcomes_of(scenario)

    def _outcomes_of(self, scenario: Scenario) -> Iterator[Outcome]:
        if self._outcomes is not None:
            yield from (self._outcomes.get(key, _NOT_RUN) for key in scenario.all_keys())

    def pictures(self, outcome: Outcome) -> list[tuple[int, str]]:
        """Return number and title of each picture of a scenario that can be shown."""
        return [(self._numbers[one.file], one.title) for one in outcome.pictures if one.file in self._numbers]

    def packed(self) -> str:
        """Return all pictures: a list of SVG texts, packed. "" if there are none."""
        return pack(list(self._pictures.values())) if self._pictures else ""

    def _read(self, picture: Picture) -> None:
        try:
            self._pictures[picture.file] = picture.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):  # the check of the report reports lost attachments
            return
