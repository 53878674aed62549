"""What queues are set to do."""

from datetime import timedelta

from acceptance.aws.account import Account
from acceptance.matchers import Says

KEPT = "MessageRetentionPeriod"


def kept_for(account: Account, url: str) -> timedelta:
    """Return how long a message that nobody takes stays in a queue."""
    found = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[KEPT])["Attributes"]
    return timedelta(seconds=int(found[KEPT]))


def outlast(days: int) -> Says:
    """How long dead letters are kept, None without a queue: at least so many days."""
    return Says(
        f"dead letters that are kept for at least {days} days",
        lambda kept: kept is not None and kept >= timedelta(days=days),
        lambda kept: "nothing keeps them" if kept is None else f"they are deleted after {kept}",
    )
