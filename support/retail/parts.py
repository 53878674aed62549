"""The parts of the retail services: their topics with their partitions, and the users' table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from acceptance.aws.account import Account
from acceptance.aws.discovery import choose, incomplete, tables
from acceptance.kafka.cluster import Kafka
from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.retail.detection import detect
from support.retail.dialect import CANONICAL, Dialect
from support.retail.profile import RetailProfile
from support.retail.settings import RetailSettings

# What the name of the users' table contains; and rather, where several do.
TABLE, USERS = "userstable", "retail-userstable"
PAGES = ("checkout", "home", "product", "basket", "unlisted")


@dataclass(frozen=True)
class RetailParts:
    """The names of the topics and of the users' table, how many partitions each topic has, and the pages' ids.

    `users_table` is "" where users are registered elsewhere. `dialect`: how messages are spelled. `known_within`:
    seconds until a registered user is known.
    """

    pageviews: str
    enriched: str
    offers: str
    dead_letters: str
    partitions: Mapping[str, int]
    users_table: str
    pages: Mapping[str, int]
    dialect: Dialect = CANONICAL
    known_within: float = 0.0

    @property
    def topics(self) -> Mapping[str, str]:
        """The topics, by the variables that name them to the services."""
        return {
            "PAGEVIEWS_TOPIC": self.pageviews,
            "ENRICHED_TOPIC": self.enriched,
            "OFFERS_TOPIC": self.offers,
            "DEAD_LETTERS_TOPIC": self.dead_letters,
        }

    @property
    def checkout(self) -> int:
        """The id of the page on which people pay."""
        return self.pages["checkout"]

    @property
    def home(self) -> int:
        """The id of a page on which people do not pay."""
        return self.pages["home"]

    def name_of(self, page: int) -> str:
        """Name a page as people do."""
        name = next((name for name, number in self.pages.items() if number == page), "unlisted")
        return {"checkout": "the checkout", "unlisted": "an unlisted page"}.get(name, f"the {name} page")

    def words_of(self, seen: tuple[int | None, ...]) -> str:
        """Name a page view by who has looked at which page, and when."""
        user, page, at = seen
        when = "" if at is None else f" at {datetime.fromtimestamp(at / 1000, UTC):%H:%M:%S.%f}"[:-3] + " UTC"
        return f"visitor {user} at {self.name_of(page or 0)}{when}"


def topics_of(settings: RetailSettings) -> Mapping[str, str]:
    """Return the settings that name the topics, by the topics' names."""
    names = ("pageviews_topic", "enriched_topic", "offers_topic", "dead_letters_topic")
    return {getattr(settings, name): settings.prefix() + name for name in names}


def discover_retail(
    account: Account,
    kafka: Kafka,
    settings: RetailSettings,
    profile: RetailProfile | None = None,
    made: Collection[str] = (),
) -> RetailParts:
    """Find every part. `made` are the tables that the run itself has deployed: if it is one, it is that of the users.

    Raises Trouble that names all missing parts.
    """
    profile = profile or RetailProfile.shipped("retail")
    problems: list[str] = []
    partitions: Mapping[str, int] = {}
    table = ""
    try:
        partitions = kafka.partitions(topics_of(settings))
    except Trouble as problem:
        problems.append(str(problem))
    if not profile.users.elsewhere:
        try:
            wanted = settings.users_table or (next(iter(made)) if len(made) == 1 else "")
            found = list(tables(account))
            table = choose("table of the users", "retail_users_table", TABLE, wanted, found, rather=USERS)
        except Trouble as problem:
            problems.append(str(problem))
    if problems:
        advice = f"To leave them out, {OTHER_SYSTEM}"
        raise Trouble(f"{incomplete('The retail services are', account, problems)}\n{advice}")
    dialect = detect(kafka, settings, partitions).dialect if settings.on_aws else CANONICAL
    return RetailParts(
        settings.pageviews_topic,
        settings.enriched_topic,
        settings.offers_topic,
        settings.dead_letters_topic,
        partitions,
        table,
        {name: getattr(settings, f"{name}_page") for name in PAGES},
        dialect.overridden_by(profile.dialect),
        profile.users.known_within,
    )
