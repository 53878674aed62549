"""The report on deployed retail services before a run: topics, their consumers, and the users' table."""

from collections.abc import Iterator, Mapping
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.parts import Sought
from acceptance.examination import Finding, examine_parts
from acceptance.kafka.cluster import Kafka
from acceptance.trouble import Trouble
from support.retail.detection import detect
from support.retail.parts import TABLE, USERS, topics_of
from support.retail.settings import RetailSettings

ROLE = "users_table"
FALLS_AWAY: Mapping[str, str] = {
    "FindTheTable": "The table of the users cannot be found.",
    "AddAndRemoveUsers": "Users cannot be added, so no page view can be enriched.",
}


def examine_table(
    account: Account, settings: RetailSettings, named: Mapping[str, str], found: dict[str, str]
) -> Iterator[Finding]:
    """Look for the users' table, and put it into `found`."""
    setting = settings.prefix() + ROLE
    sought = {ROLE: Sought("table of the users", "table", TABLE, setting, settings.users_table)}
    return examine_parts(account, sought, named, rather=USERS, found=found)


def examine_topics(kafka: Kafka, settings: RetailSettings, dialect: dict[str, Any] | None = None) -> Iterator[Finding]:
    """Look for the topics, and check whether a service reads those that need answers.

    The spelling of their messages is put into `dialect`, as in a profile.
    """
    topics = topics_of(settings)
    try:
        partitions = kafka.partitions(topics)
    except Trouble as trouble:
        yield Finding.of_trouble("parts", "topics", trouble)
        return
    for name, setting in topics.items():
        several = f"{partitions[name]} partition{'s' * (partitions[name] != 1)}"
        yield Finding("parts", f"topic ({setting})", "ok", f"{name} ({several})")
    if dialect is not None:
        yield _examine_dialect(kafka, settings, partitions, dialect)
    try:
        readers = kafka.read_by_groups()
    except Trouble as trouble:
        what = f"It is unknown whether the services run: {trouble}"
        yield Finding("readiness", "services", "note", what, "A run will find out with its own page view.")
        return
    for name in (settings.pageviews_topic, settings.enriched_topic):
        groups = ", ".join(sorted(readers.get(name, ())))
        if groups:
            yield Finding("readiness", f"who reads {name}", "ok", f"consumer group {groups}")
        else:
            what = f"No consumer group that reads {name} was found: no service runs, or its group is hidden."
            advice = "Start the service, or allow DESCRIBE on its group. A run will find out with its own page view."
            yield Finding("readiness", f"who reads {name}", "note", what, advice)


def _examine_dialect(
    kafka: Kafka, settings: RetailSettings, partitions: Mapping[str, int], dialect: dict[str, Any]
) -> Finding:
    """Report how the messages of the topics are spelled."""
    try:
        detected = detect(kafka, settings, partitions)
    except Trouble as trouble:
        return Finding("parts", "dialect", "note", f"The format of the messages could not be read: {trouble}")
    dialect.update(detected.dialect.model_dump(exclude_unset=True))
    words = f"{detected.words} (found in the topics' last messages)" if detected.words else "as the shipped services"
    return Finding("parts", "dialect", "ok", words)


def names(found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the names of the parts that the policy names."""
    return {"retail-UsersTable-*": found[ROLE]} if ROLE in found else {}
