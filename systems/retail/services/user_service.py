"""The User Service: enriches each page view with the data of its user and its page.

Run it by `python -m services.user_service`, with KAFKA_CLIENT_BOOTSTRAP_SERVERS and USERS_TABLE in the environment.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from confluent_kafka import Message

from services.stream import Answers, Content, Service, ServiceError, serve, topic

PAGES = {100: "Home", 110: "Product", 120: "Basket", 200: "Checkout"}
PAGE = "PAGENAME"
# The user's attributes that are published, where they are texts. Others in the table are private.
TOLD = ("COUNTRY", "PLANTYPE", "INTERESTS")
# DynamoDB's limit for one BatchGetItem.
AT_ONCE = 100


class Users:
    """The table of the users."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = boto3.resource("dynamodb")

    def find(self, ids: Iterable[int]) -> Mapping[int, Mapping[str, Any]]:
        """Return the attributes of these users by their ids. Unknown users are left out."""
        wanted = sorted(set(ids))
        found: dict[int, Mapping[str, Any]] = {}
        for start in range(0, len(wanted), AT_ONCE):
            keys = [{"USERID": one} for one in wanted[start : start + AT_ONCE]]
            asked = {self._table: {"Keys": keys, "ConsistentRead": True}}
            while asked:
                answer = self._dynamodb.batch_get_item(RequestItems=asked)
                for item in answer["Responses"].get(self._table, []):
                    found[int(item["USERID"])] = {name: item[name] for name in TOLD if isinstance(item.get(name), str)}
                asked = answer.get("UnprocessedKeys") or {}
        return found


def enriched(view: Content, user: Mapping[str, Any]) -> Content:
    """Return a page view with the data of its page and user, in place of what the view itself claims about them."""
    page = PAGES.get(view["PAGEID"])
    said = {name: value for name, value in view.items() if name not in (*TOLD, PAGE)}
    return {**said, **({PAGE: page} if page else {}), **user}


def main() -> None:
    """Serve until the process is told to stop."""
    table = os.environ.get("USERS_TABLE")
    if not table:
        raise ServiceError("Set USERS_TABLE to the name of the users' table.")
    users = Users(table)
    service = Service("user-service", topic("PAGEVIEWS", "pageviews"), topic("ENRICHED", "pageviews_enriched"))

    def answers(batch: Sequence[tuple[Message, Content]]) -> Answers:
        try:
            known = users.find(view["USERID"] for _, view in batch)
        except (BotoCoreError, ClientError) as error:
            raise ServiceError(f"Looking up the users failed: {error}") from None
        return [(message, enriched(view, known.get(view["USERID"], {}))) for message, view in batch]

    service.run(answers)


if __name__ == "__main__":
    serve(main)
