"""Detects how a deployment spells its messages, from those already in its topics; only what is certain.

A field is found where each of the last messages has exactly one whose name differs from the shipped one in nothing but
capitals and signs (`userId`, `user.id`). Other names are known to the owner only: the profile gives them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from acceptance.kafka.cluster import Kafka
from acceptance.kafka.tail import last_messages
from support.retail.dialect import (
    COUNTRY,
    ENRICHED,
    INTERESTS,
    OFFER,
    OFFER_ID,
    PAGE,
    PAGE_NAME,
    PLAN,
    PRODUCT,
    SEEN,
    USER,
    VIEW,
    Dialect,
    places_in,
)
from support.retail.forms import NUMBER, form_seen_in
from support.retail.page_views import NUMBER as OURS
from support.retail.settings import RetailSettings

# How many of the last messages of each partition are read, and how many are too few to be certain.
LAST, ENOUGH = 20, 5
FIELDS_OF: Mapping[str, Sequence[str]] = {
    VIEW: SEEN,
    ENRICHED: (*SEEN, PAGE_NAME, PLAN, COUNTRY, INTERESTS),
    OFFER: (*SEEN, OFFER_ID, PRODUCT),
}
ATTRIBUTES = {VIEW: "page_view", ENRICHED: "enriched_view", OFFER: "offer"}


@dataclass(frozen=True)
class Sample:
    """A message that was found: its key, and the JSON object that it holds."""

    key: bytes | None
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Detected:
    """The result: a dialect, and the places of the values in each kind of message."""

    dialect: Dialect
    places: Mapping[str, Sequence[str]]

    @property
    def words(self) -> str:
        """The differences from the shipped services, "" if there are none."""
        said = self.dialect.model_dump(exclude_unset=True)
        where = {f"{kind} {name}": place for kind, of in ATTRIBUTES.items() for name, place in said.get(of, {}).items()}
        how = {f"{name} as": form for name, form in said.get("forms", {}).items()}
        keyed = {"keyed by": said["keyed_by"]} if "keyed_by" in said else {}
        return ", ".join(f"{name} {value}" for name, value in {**where, **how, **keyed}.items())


def detect(kafka: Kafka, settings: RetailSettings, partitions: Mapping[str, int]) -> Detected:
    """Find how the messages of the topics are spelled. Raises Trouble when they cannot be read."""
    topics = {VIEW: settings.pageviews_topic, ENRICHED: settings.enriched_topic, OFFER: settings.offers_topic}
    return dialect_of({kind: samples_of(kafka, topic, partitions[topic]) for kind, topic in topics.items()})


def samples_of(kafka: Kafka, topic: str, partitions: int) -> Sequence[Sample]:
    """Return the last messages of a topic that hold JSON objects, but not the suite's own ones."""
    samples = []
    for message in last_messages(kafka, topic, partitions, LAST):
        if OURS not in dict(message.headers() or ()):
            with suppress(ValueError, RecursionError):
                content = json.loads(message.value() or b"")
                if isinstance(content, dict):
                    samples.append(Sample(message.key(), content))
    return samples


def dialect_of(samples: Mapping[str, Sequence[Sample]]) -> Detected:
    """Find how these messages are spelled, by their kinds."""
    said: dict[str, Any] = {}
    places: dict[str, Sequence[str]] = {}
    for kind, found in samples.items():
        values = [dict(places_in(sample.content)) for sample in found]
        places[kind] = list(dict.fromkeys(place for one in values for place in one))
        where = _places(FIELDS_OF[kind], values) if len(values) >= ENOUGH else {}
        if other := {name: place for name, place in where.items() if place != name}:
            said[ATTRIBUTES[kind]] = other
        if kind == VIEW:
            forms = {name: _form(one[where[name]] for one in values) for name in SEEN if name in where}
            if other := {name: form for name, form in forms.items() if form not in ("", NUMBER)}:
                said["forms"] = other
            if len(where) == len(SEEN) and (keyed := _keyed_by(found, values, where)):
                said |= keyed
    return Detected(Dialect(**said), places)


def near(places: Iterable[str]) -> Mapping[str, str]:
    """Return the places that are certain, by the fields' shipped names."""
    return _places((*FIELDS_OF[ENRICHED], *FIELDS_OF[OFFER]), [dict.fromkeys(places)])


def _places(fields: Iterable[str], values: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return the certain places of these fields in all of these messages; optional fields may be left out."""
    found = {}
    for field in fields:
        each = [[place for place in one if _plain(place) == _plain(field)] for one in values]
        there = {place for several in each for place in several}
        unclear = any(len(several) > 1 for several in each) or (field in SEEN and not all(each))
        if len(there) == 1 and not unclear:
            found[field] = there.pop()
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _form(values: Iterable[Any]) -> str:
    forms = {form_seen_in(value) for value in values}
    return forms.pop() if len(forms) == 1 else ""


def _keyed_by(
    samples: Sequence[Sample], values: Sequence[Mapping[str, Any]], where: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the subject of all keys, if it is not the user."""
    keys = [None if one.key is None else one.key.decode(errors="replace") for one in samples]
    if keys == [str(one[where[USER]]) for one in values]:
        return {}
    if all(key is None for key in keys):
        return {"keyed_by": "nothing"}
    return {"keyed_by": "page"} if keys == [str(one[where[PAGE]]) for one in values] else {}
