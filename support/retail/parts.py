"""What the retail services are made of: their topics with their partitions, and the table of their users."""

from collections.abc import Mapping
from dataclasses import dataclass

from acceptance.aws.account import Account
from acceptance.aws.discovery import choose, incomplete, tables
from acceptance.kafka.cluster import Kafka
from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.retail.settings import RetailSettings

USERS = "retail-userstable"
PAGES = ("checkout", "home", "product", "basket", "unlisted")


@dataclass(frozen=True)
class RetailParts:
    """The names of the topics and of the users' table, how many partitions each topic has, and the pages' ids."""

    pageviews: str
    enriched: str
    offers: str
    dead_letters: str
    partitions: Mapping[str, int]
    users_table: str
    pages: Mapping[str, int]

    @property
    def checkout(self) -> int:
        """The id of the page on which people pay."""
        return self.pages["checkout"]

    @property
    def home(self) -> int:
        """The id of a page on which nobody does."""
        return self.pages["home"]


def topics_of(settings: RetailSettings) -> Mapping[str, str]:
    """Return the settings that name the topics, by the topics' names."""
    names = ("pageviews_topic", "enriched_topic", "offers_topic", "dead_letters_topic")
    return {getattr(settings, name): settings.prefix() + name for name in names}


def discover_retail(account: Account, kafka: Kafka, settings: RetailSettings) -> RetailParts:
    """Find every part. Raises Trouble that names all that is missing."""
    problems: list[str] = []
    partitions: Mapping[str, int] = {}
    table = ""
    try:
        partitions = kafka.partitions(topics_of(settings))
    except Trouble as problem:
        problems.append(str(problem))
    try:
        wanted = settings.users_table
        table = choose("table of the users", "retail_users_table", USERS, wanted, list(tables(account)))
    except Trouble as problem:
        problems.append(str(problem))
    if problems:
        advice = f"To leave them out, {OTHER_SYSTEM}"
        raise Trouble(f"{incomplete('The retail services are', account, problems)}\n{advice}")
    return RetailParts(
        settings.pageviews_topic,
        settings.enriched_topic,
        settings.offers_topic,
        settings.dead_letters_topic,
        partitions,
        table,
        {name: getattr(settings, f"{name}_page") for name in PAGES},
    )
