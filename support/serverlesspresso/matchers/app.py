"""What the app answers."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from acceptance.masking import masked
from acceptance.matchers import Says, as_stored, in_words
from support.serverlesspresso.front_door import Answer

EXCERPT_MOST = 200
# A sign-in lasts for an hour, and is renewed for a month (Cognito's defaults) in either of these flows.
RENEWALS = {"ALLOW_REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH"}


def answers(meaning: str, *statuses: int) -> Says:
    """A response of the front door with one of these HTTP status codes."""
    return Says(
        f"the app to answer: {meaning}",
        lambda answer: answer.status in statuses,
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def answers_in_words(words: str) -> Says:
    """A response with this message."""
    return Says(
        f"the app to say “{words}”",
        lambda answer: isinstance(answer.body, dict) and answer.body.get("message") == words,
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_order(order_id: str) -> Says:
    """An answer that shows, or lists, the order."""
    return Says(
        "the app to show the order",
        lambda answer: order_id in str(answer.body),
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_orders(order_ids: Sequence[str], number: int) -> Says:
    """An answer that lists all of so many orders."""

    def missing(answer: Answer) -> int:
        listed = str(answer.body)
        return sum(order_id not in listed for order_id in order_ids)

    return Says(
        f"the app to list all {number} orders",
        lambda answer: len(order_ids) == number and not missing(answer),
        lambda answer: f"{missing(answer)} of them are missing",
    )


def shows_no_order() -> Says:
    """A response, other than a server error, that shows nothing of any order."""

    def shown(value: Any) -> bool:
        if isinstance(value, dict):
            return bool({"orderId", "SK", "USERID", "ORDERSTATE", "drinkOrder"} & set(value)) or any(
                map(shown, value.values())
            )
        return isinstance(value, list) and any(map(shown, value))

    return Says(
        "the app to answer, and to show no order",
        lambda answer: answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and not shown(answer.body),
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_record(order_id: str, content: Mapping[str, str]) -> Says:
    """A response that shows, or lists, the order with exactly this content."""

    def shown(answer: Answer) -> Mapping[str, str]:
        body = answer.body if isinstance(answer.body, dict) else {}
        found = [one for one in body.get("orders", [body]) if one.get("orderId") == order_id]
        return {name: str(value) for name, value in found[0].items()} if found else {}

    def amiss(answer: Answer) -> str:
        seen = shown(answer)
        if not seen:
            return f"does not show it: {_excerpt(answer) or 'it is empty'}"
        more, missing = sorted(seen.keys() - content.keys()), sorted(content.keys() - seen.keys())
        other = sorted(name for name in seen.keys() & content.keys() if seen[name] != content[name])
        values = [(name, masked({name: seen[name]})[name], content[name]) for name in other]
        amiss = [f"shows what must stay secret: {', '.join(more)}"] if more else []
        amiss += [f"does not show {', '.join(missing)}"] if missing else []
        amiss += [f"shows {name} {in_words(was)} instead of {in_words(wanted)}" for name, was, wanted in values]
        return "; it ".join(amiss)

    return Says(
        "the app to show the order as it is",
        lambda answer: shown(answer) == content,
        lambda answer: f"the answer was {answer.status}, and {amiss(answer)}",
    )


def is_not_to_be_kept() -> Says:
    """A response that no browser caches."""
    return Says(
        "an answer that browsers must not store",
        lambda answer: answer.kept == "no-store",
        lambda answer: f"of keeping it says {as_stored(answer.kept or None)}",
    )


def mentions(text: str, meaning: str) -> Says:
    """A response that contains a text anywhere; the text itself is never shown."""
    return Says(
        f"an answer that shows {meaning}",
        lambda answer: text in str(answer.body),
        lambda answer: f"the answer shows {meaning}" if text in str(answer.body) else "it is not shown",
    )


def keeps_to_itself(failure: str) -> Says:
    """A response that does not quote why a part of the shop has failed.

    API Gateway itself answers some failures (502): on AWS by the same words for each, and MiniStack adds the failure.
    """
    return Says(
        "the app to keep to itself why a part of the shop has failed",
        lambda answer: answer.status == HTTPStatus.BAD_GATEWAY or failure not in str(answer.body),
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def tells_as_little() -> Says:
    """Refusals that are all alike, so that none reveals which users exist."""
    return Says(
        "the same refusal for everyone",
        lambda refusals: bool(refusals) and len(set(refusals)) == 1,
        lambda refusals: f"the refusals were {', '.join(refusals)}",
    )


def includes_renewal() -> Says:
    """The flows in which an app may sign people in; none named means Cognito's defaults, which include a renewal."""
    return Says(
        "sign-ins that can be renewed without a password",
        lambda flows: not flows or bool(RENEWALS & set(flows)),
        lambda flows: f"the app may only use {', '.join(flows)}, so people must sign in again each hour",
    )


def admits_only_invited_people() -> Says:
    """Whether visitors may create accounts: they may not."""
    return Says(
        "accounts that only the shop creates",
        lambda admits_strangers: not admits_strangers,
        lambda _: "any visitor can create one",
    )


def _excerpt(answer: Answer) -> str:
    text = str(masked(answer.body))
    return f"{text[:EXCERPT_MOST]}…" if len(text) > EXCERPT_MOST else text
