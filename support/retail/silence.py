"""Why a service does not answer, by its topics: it does not run, or spells its messages in another way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acceptance.kafka.topics import Message
from acceptance.trouble import Trouble
from support.retail.detection import Sample, near, samples_of
from support.retail.dialect import ENRICHED, OFFER, PAGE_NAME, PLAN, SEEN, USER, VIEW, places_in
from support.retail.driver import Retail
from support.retail.operations import USER_SERVICE

# How many names of fields are shown.
MOST = 12
NOT_RUNNING = "Is it running, and does it read the topics that the settings name?"


def why_silent(retail: Retail, service: str, *, has_answered: bool) -> str:
    """Return why a service gives no answer that is understood, and what to do about it.

    One that `has_answered` before in this run is understood.
    """
    programs = retail.programs
    if programs and (fallen := programs.fallen().get(service)):
        return f"The {service}: {fallen}"
    if programs and programs.stands_still(service):
        return "It stands still: its process is stopped."
    told = "" if has_answered else next(_told(retail, service), "")
    if told:
        return f"{told} Say in the profile's section “dialect” where each field stands and how it is written."
    if programs:  # no setting leads to it
        return f"It runs; what it said last: {programs.last_words()[service]}"
    if has_answered:
        return "It has answered before in this run."
    return f"{NOT_RUNNING} {_spelled(retail, service)}"


def _told(retail: Retail, service: str) -> Iterator[str]:
    """Yield the evidence in the topics of a running service, the surest first."""
    kind = ENRICHED if service == USER_SERVICE else OFFER
    topic = retail.parts.enriched if kind == ENRICHED else retail.parts.offers
    if unread := retail.unread[topic]:
        place = retail.dialect.place(kind, USER)
        yield (
            f"It runs: {_several(len(unread), kind)} came into {topic} in which no visitor's number stands at "
            f"“{place}”. What they have: {_fields(unread)}.{_surely(unread)}"
        )
    heard = retail.topics.messages(topic)
    lacking = [
        name for name in SEEN if kind == ENRICHED and any(None is retail.answers.find(name, one) for one in heard)
    ]
    if lacking:
        places = " and ".join(f"“{retail.dialect.place(kind, name)}”" for name in lacking)
        yield f"It runs: {_several(len(heard), kind)} came without {places}. What they have: {_fields(heard)}."
    if kind == ENRICHED and heard:
        yield f"It runs, but its messages are about other page views: {heard[-1].words}"
    if kind == OFFER:
        yield from _not_due(retail)
    if kind == ENRICHED and (letters := retail.topics.messages(retail.parts.dead_letters)):
        reasons = "; ".join(f"{name}: {words}" for name, words in letters[-1].headers.items()) or "it gives no reason"
        yield f"It runs, and moves page views that are spelled like the suite's to the dead letters ({reasons})."


def _not_due(retail: Retail) -> Iterator[str]:
    """Yield why an enriched view may be none that is answered by an offer."""
    heard = retail.topics.messages(retail.parts.enriched)
    for name in (PLAN, PAGE_NAME):
        if heard and all(retail.answers.find(name, message) is None for message in heard):
            place = retail.dialect.place(ENRICHED, name)
            yield (
                f"The enriched views of its visitors have no “{place}”, by which it is known whom to make an offer. "
                f"What they have: {_fields(heard)}."
            )


def _spelled(retail: Retail, service: str) -> str:
    """Describe how the suite's messages are spelled, and how others' in the topic are."""
    topic = retail.parts.pageviews if service == USER_SERVICE else retail.parts.enriched
    kind = VIEW if service == USER_SERVICE else ENRICHED
    ours = ", ".join(retail.dialect.place(kind, name) for name in SEEN)
    try:
        samples = samples_of(retail.kafka, topic, retail.parts.partitions[topic]) if kind == VIEW else ()
    except Trouble:
        samples = ()
    others = _places(samples)
    seen = f" Others' in {topic} have: {_names(others)}." if others else ""
    return f"The suite's page views have: {ours}.{seen} If it reads other names, say so in the profile (dialect)."


def _several(number: int, kind: str) -> str:
    return f"{number} {kind}{'s' if number != 1 else ''}"


def _fields(messages: Sequence[Message]) -> str:
    return _names(_places(messages)) or "no field, since they are no JSON objects"


def _places(messages: Sequence[Message | Sample]) -> Sequence[str]:
    """Where values stand in any of these messages, each place once."""
    return list(dict.fromkeys(place for message in messages for place, _ in places_in(message.content)))


def _names(places: Sequence[str]) -> str:
    return ", ".join([*places[:MOST], *(["…"] if places[MOST:] else [])])


def _surely(messages: Sequence[Message]) -> str:
    """Return which of these fields are certain, as a profile writes it."""
    said = ", ".join(f"{name}: {place}" for name, place in near(_places(messages)).items() if name != place)
    return f" Surely meant: fields: {{{said}}}." if said else ""
