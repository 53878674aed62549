"""What is wrong: the failures of a run, grouped by their causes.

One defect turns many scenarios red. Each error in a scenario is a symptom. Symptoms are alike when the
same was expected and the same was received, apart from numbers, ids and the names of people, which differ by chance.
`causes_of` finds few causes that explain every red scenario; the report, the terminal and the summary show those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from acceptance.breach import NEVER_CAME
from acceptance.profile.words import words_of

LONGEST = 220  # letters of a sentence that represents a cause
# How the waiting verbs, and Hamcrest, separate the expected from the received value.
_PART = " · "
_EXPECTED = "Expected: "
_BUT = re.compile(r"\bbut: ")
_QUOTED = re.compile(r'("[^"]*")')
_LIST = re.compile(r"[;:] ")
# What a broken contract names: numbers, and the words that its field may be, other than those for kinds of values.
_VALUES = re.compile(
    r"(?<![\w.])\d[\d.]*\d(?!\w)|"
    r"(?:(?<=must be )|(?<= or ))(?!(?:string|integer|number|object|array|boolean|null)\b)\w+"
)
_FIELD = re.compile(r"› \S*?(\w+)(?=\s|$)")
# A part with its received and its expected value, whatever the whole is expected to be: `its price is 3, not 4`.
_PART_WRONG = re.compile(r"its [\w' -]{1,60}? is (?=.*, not )")
# A received value that describes something in several parts, so that not everything is received as such.
_DESCRIBED = re.compile(r"^it [^:;]*, ")
_TELLING = 3  # letters: a shorter value is found in any message
# The list of what was received: the last part of a message that has several.
_LISTED = re.compile(r"(?:^|; )(?P<what>[^;:]+): (?P<items>[^;:]+)$")


@dataclass(frozen=True)
class Symptom:
    """One error: its cause in comparable words, the message, and the step in which it occurred, if any.

    `given`: a promise was broken in a Given, so that the scenario's own subject was not checked. `declared`: the
    failure itself named its cause, so that this is not a guess. `after` names the action before the step, the same for
    equal actions; "" if there is none; `before` the Givens before that.
    """

    cause: str
    message: str
    step: str = ""
    given: bool = False
    declared: bool = False
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Red:
    """A scenario that failed or could not be checked, or an error outside any; its name, and its symptoms."""

    key: str
    title: str
    word: str
    symptoms: tuple[Symptom, ...]


@dataclass(frozen=True)
class Cause:
    """A cause: the clearest sentence about it, others that occurred with it, and the scenarios behind it.

    `also` are scenarios that show it too, but are behind another cause, which they met before.
    """

    sentence: str
    others: tuple[str, ...]
    reds: tuple[Red, ...]
    words: frozenset[str]
    also: tuple[Red, ...] = ()

    @property
    def failed(self) -> int:
        """How many scenarios failed."""
        return sum(red.word == "failed" for red in self.reds)

    @property
    def not_checked(self) -> int:
        """How many scenarios could not be checked."""
        return len(self.reds) - self.failed


def comparable(message: str, names: Iterable[str] = ()) -> str:
    """Return the part of a message that is the same in every scenario with its cause.

    `names` are the values that fill the scenario's own sentences: the people it is about. Quoted stored values are
    kept. Of a list of received values, the first entry counts; if it names a part that is wrong, only the part counts.
    """
    text = _without_prefix(" ".join(message.split()))
    for name in sorted({name for name in names if name[:1].isupper()}, key=len, reverse=True):
        text = _outside_quotes(text, re.compile(rf"\b{re.escape(name)}\b"))
    expected, but, received = divided(text)
    first = _LIST.split(received)[0]
    part = _PART_WRONG.match(first)
    return f"{part[0]}…" if part else words_of(f"{expected}{but}{first}")


def received(message: str) -> str:
    """Return the received value in a message, without what differs by chance; the whole message if it names none."""
    return words_of(divided(" ".join(message.split()))[2] or message)


def sentence_of(message: str) -> str:
    """Return what was expected and received, without the duration, in at most `LONGEST` letters."""
    expected, but, received = divided(_without_prefix(" ".join(message.split())))
    text = f"{expected}{but}{received}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} …"


def _without_prefix(text: str) -> str:
    """Return a message without what it says before the expectation: whom, of many, it is about."""
    return text[max(0, text.find(_EXPECTED)) :]


def divided(text: str) -> tuple[str, str, str]:
    """Split a message into the expected value, the separating word, and the received value; "" where one is missing."""
    found = _BUT.search(text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :].split(_PART)[0]


def _outside_quotes(text: str, name: re.Pattern[str]) -> str:
    parts = _QUOTED.split(text)
    return "".join(part if n % 2 else name.sub("…", part) for n, part in enumerate(parts))


def causes_of(reds: Sequence[Red]) -> Sequence[Cause]:
    """Return the causes of the errors, those with most scenarios first.

    A scenario belongs to the cause of its first failed step. An error beside steps, such as a broken contract, belongs
    to a step that never fails without it, and is about the same: its field, or a value. A step that fails in no other
    scenario is no cause of its own if it is about the same as an error beside it, or if it received the same as
    another step, or missed the same message after the same action. Nor is a step that received the same stored value.
    A scenario whose later steps named another scenario's cause also shows that.
    """
    cause_of = _Grouping(reds).cause_of
    groups: dict[str, list[Red]] = {}
    for red in reds:
        groups.setdefault(cause_of(_first(red)), []).append(red)
    also: dict[str, list[Red]] = {}
    for red in reds:
        later = dict.fromkeys(cause_of(one.cause) for one in red.symptoms if one.step and one.declared)
        for words in later.keys() & groups.keys() - {cause_of(_first(red))}:
            also.setdefault(words, []).append(red)
    met = [symptom for red in reds for symptom in red.symptoms]
    found = [replace(_cause(words, members, met), also=tuple(also.get(words, ()))) for words, members in groups.items()]
    return sorted(found, key=lambda one: (not one.failed, -len(one.reds)))


def _first(red: Red) -> str:
    return next((one.cause for one in red.symptoms if one.step), red.symptoms[0].cause)


class _Grouping:
    """Which symptoms have one cause, by the scenarios that show them together."""

    def __init__(self, reds: Sequence[Red]) -> None:
        self._scenarios: dict[str, set[str]] = {}
        for red in reds:
            for symptom in red.symptoms:
                self._scenarios.setdefault(symptom.cause, set()).add(red.key)
        self._messages: dict[str, set[str]] = {}
        for symptom in (symptom for red in reds for symptom in red.symptoms):
            self._messages.setdefault(symptom.cause, set()).add(symptom.message)
        self._in_steps = {symptom.cause for red in reds for symptom in red.symptoms if symptom.step}
        self._beside = sorted(set(self._scenarios) - self._in_steps, key=self._weight, reverse=True)
        self._belongs_to: dict[str, str] = {}
        self._steps = [symptom for red in reds for symptom in red.symptoms if symptom.step]
        for beside in self._beside:
            self._join(beside)
        for symptom in self._steps:
            self._follow(symptom)
        for red in reds:
            self._absorb(red)

    def cause_of(self, symptom: str) -> str:
        """Return the symptom that represents the cause of a symptom."""
        while symptom in self._belongs_to:
            symptom = self._belongs_to[symptom]
        return symptom

    def _weight(self, cause: str) -> tuple[int, str]:
        return len(self._scenarios[cause]), cause

    def _join(self, beside: str) -> None:
        """Assign an error beside steps to a step that never fails without it, and is about the same.

        Or else to one that half of its scenarios show, if they show no other error beside it.
        """
        here = self._scenarios[beside]
        always = [one for one in self._in_steps if self._scenarios[one] <= here]
        related = [one for one in always if self._are_related(beside, one)]
        apart = all(here.isdisjoint(self._scenarios[one]) for one in self._beside if one != beside)
        related = related or [one for one in always if apart and 2 * len(self._scenarios[one]) >= len(here)]
        if related:
            self._belongs_to[beside] = max(related, key=self._weight)

    def _are_related(self, beside: str, step: str) -> bool:
        """Whether a step's messages are about the field of an error beside it, or a value that it names."""
        return any(_is_about(message, beside, self._messages[beside]) for message in self._messages[step])

    def _follow(self, symptom: Symptom) -> None:
        """Assign a step that fails in one scenario only to another one that fails for the same reason."""
        alone = len(self._scenarios[symptom.cause]) == 1
        if not alone or symptom.declared or symptom.cause in self._belongs_to:
            return
        others = [one.cause for one in self._steps if one.cause != symptom.cause and _has_the_same_reason(symptom, one)]
        others = [one for one in others if self.cause_of(one) != symptom.cause]
        if others:
            self._belongs_to[symptom.cause] = self.cause_of(max(others, key=self._weight))

    def _absorb(self, red: Red) -> None:
        """Assign a step to the error beside it, if others show that too, and the step proves nothing else.

        It proves more unless it fails in one scenario only and is about the same, or received the same stored value as
        the others.
        """
        first = _first(red)
        declared = any(one.declared for one in red.symptoms if one.cause == first)
        if declared or first not in self._in_steps or first in self._belongs_to:
            return
        alone = len(self._scenarios[first]) == 1
        for beside in (one.cause for one in red.symptoms if one.cause in self._beside):
            cause, shared = self.cause_of(beside), self._scenarios[beside]
            same = _same_value(first, cause) and self._scenarios[first] <= shared
            if (
                cause != self.cause_of(first)
                and len(shared) > 1
                and ((alone and self._are_related(beside, first)) or same)
            ):
                self._belongs_to[first] = cause
                return


def _is_about(message: str, cause: str, others: Iterable[str]) -> bool:
    """Whether a message received a word that is in the name of a field, or says a value that other messages name."""
    field = _FIELD.findall(cause)[-1:]
    text = " ".join(message.split())
    words = {word.lower() for word in re.findall(r"[^\W\d_]{3,}", divided(text)[2] or text)}
    named = any(word in name.lower() for name in field for word in words)
    values = (value for other in others for value in _VALUES.findall(other) if len(value) >= _TELLING)
    return named or any(re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", text) for value in values)


def _same_value(one: str, other: str) -> bool:
    """Whether one cause received all that the other received, which is a stored value."""
    found = divided(other)[2]
    return '"' in found and re.search(rf"(?<!\w){re.escape(found)}(?!\w)", divided(one)[2]) is not None


def _has_the_same_reason(one: Symptom, other: Symptom) -> bool:
    """Whether two steps received the same value, or miss the same message after the same action.

    A message that never came is missing in a list of what was received. And where it should have come, after the same
    action under the same conditions, the action ended otherwise: that explains what else is seen of it.
    """
    value = _DESCRIBED.search(divided(one.message)[2])
    if value and not other.declared and received(one.message) == received(other.message):
        return True
    listed, other_listed = _listed(one.message), _listed(other.message)
    if not one.after or one.after != other.after:
        return False
    if other.declared:
        never = other.cause.removeprefix(NEVER_CAME)
        missing = never not in listed[1] if listed else one.before == other.before
        return never != other.cause and missing
    return listed is not None and listed == other_listed


def _listed(message: str) -> tuple[str, frozenset[str]] | None:
    """Return the words before the list of what was received, and its entries; None if a message has no such list."""
    found = _LISTED.search(divided(" ".join(message.split()))[2])
    return (found["what"], frozenset(found["items"].split(", "))) if found and ", " in found["items"] else None


def _cause(words: str, reds: Sequence[Red], everywhere: Sequence[Symptom]) -> Cause:
    """Return a cause. Its sentence is that of the shortest expectation, in any scenario that shows it."""
    met = [symptom for red in reds for symptom in red.symptoms]

    def clearness(symptom: Symptom) -> tuple[bool, bool, int]:
        return symptom.given, not symptom.step, len(divided(symptom.message)[0])

    clearest = min((one for one in everywhere if one.cause == words), key=clearness)
    told = {words: sentence_of(clearest.message)}
    for symptom in met:
        told.setdefault(symptom.cause, sentence_of(symptom.message))
    sentence, *others = told.values()
    failed_first = sorted(reds, key=lambda red: red.word != "failed")
    return Cause(sentence, tuple(others), tuple(failed_first), frozenset(symptom.cause for symptom in met))
