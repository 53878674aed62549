"""What strange people send, made up by hypothesis: `python strange.py scans 300` prints so many, one JSON text a line.

A program of its own, because hypothesis also tries the constants of every module that is loaded: only so a seed makes
the same cases alone as in a run of all tests. The seed is SEED, or the environment variable STRANGE_INPUT_SEED.
"""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

AGAIN = 4
SEED = int(os.environ.get("STRANGE_INPUT_SEED", "2"))
# Orders that are there while the strange messages come, and their customer: whoever sends these may know their ids.
BYSTANDER, CUSTOMER = "the-order-before-the-storm", "Ada"
CHOOSING, WAITING = "an-order-that-waits-for-its-drink", "an-order-that-waits-for-a-barista"

BLANK = ["", " ", "   ", "\t", "\r\n", " " * 64, " " * 65, "\u00a0", "\u2003\u2003", "\u3000", "\u0085", "\u2028"]
AROUND_64 = [letter * times for letter in ("x", "é", "☕", "e\u0301"[::-1]) for times in (32, 33, 63, 64, 65)]
UNICODE = [
    *("Zoë", "Zoe\u0308", "\u0301", "\u202eadA", "שלום", "مرحبا", "☕", "👩\u200d🍳", "\u200b", "\ufeff", "\ufffe"),
    *("\x00", "A\x00da", "\x1b[31mAda", "\x7f", "\ud800", "\udc00\ud800", "Ada\ud83d", "\U0010ffff"),
]
# What the café's own languages, or those around them, could take for something of theirs.
CODE = [
    *("$", "$.x", "$.detail.userId", "$$.Task.Token", "{% $states.input %}", "{%", "%}", "${Capacity}", "{}", "[]"),
    *("States.Format('{}', $.x)", "States.UUID()", "*", "#id", ":user", "attribute_exists(SK)", "PK", "orders"),
    *("ORDERSTATE", "null", "NULL", "true", "0", "-1", "1e400", "NaN", '"', "\\", '{"S": "x"}', "a/b", "../..", "%00"),
    *("' OR ''='", "<script>", "$(id)", "a\nb", " Ada", "Ada ", "undefined", "__proto__", "constructor"),
]
LONG = ["x" * 1025, "☕" * 700, "[" * 2000, "\x00" * 300, " " * 5000, "x" * 20_000]
DRINKS = ["Cappuccino", "Latte", "Flat White", "Espresso", "Americano"]
OPTIONS = ["Whole", "Oat", "Soy", "Single", "Double"]
ACTIONS = ["make", "unmake", "complete", "cancel", "Make", "make ", "delete", "pay"]

names = st.one_of(
    *map(st.sampled_from, (BLANK, AROUND_64, AROUND_64, UNICODE, CODE)),
    st.text(st.characters(), min_size=1, max_size=70),  # with halves of surrogate pairs, unlike text() by itself
)
texts = st.one_of(st.sampled_from(LONG), names)
numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 2**53 + 1, 10**40, 5e-324]),
)
plain = st.one_of(texts, numbers, st.booleans(), st.none())
keys = st.one_of(
    texts,
    st.sampled_from(["orderId", "userId", "detail", "S", "N", "M", "NULL", "TaskToken", "ORDERSTATE", "TS", "name"]),
)
values = st.recursive(
    plain, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)), max_leaves=8
)
# Keys beside the right ones: nearly right, reserved by DynamoDB, or of the café's own records.
BESIDE = [
    *("orderid", "OrderId", "ORDERID", "orderId ", "order_id", "userid", "UserId", "user", "id", "action", "body"),
    *("TaskToken", "ORDERSTATE", "USERID", "TS", "PK", "SK", "orderNumber", "drinkOrder", "baristaUserId", "cause"),
    *("SIZE", "name", "status", "timestamp", "Item", "$.orderId", "orderId.$", "{% 1 %}", "__proto__", ""),
]
beside = st.dictionaries(st.sampled_from(BESIDE), values, max_size=3)


def mostly(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any] = values) -> st.SearchStrategy[Any]:
    """What is right, seven times in eight: whoever is wrong in everything is refused for the first thing alone."""
    return st.sampled_from([True, True, True, False, True, True, True, True]).flatmap(
        lambda is_right: right if is_right else wrong
    )


@st.composite
def objects(draw: st.DrawFn, parts: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Make an object of these parts, now and then without one of them, or with others beside them."""
    missing = draw(mostly(st.none(), st.sampled_from(sorted(parts))))
    made = {name: draw(part) for name, part in parts.items() if name != missing}
    return {**draw(mostly(st.just({}), beside)), **made}


ids = mostly(names)
orders = {
    "drink": mostly(st.sampled_from(DRINKS)),
    "modifiers": mostly(st.lists(mostly(st.sampled_from(OPTIONS)), max_size=3)),
    "userId": mostly(st.just(CUSTOMER)),
}
actions = {
    "action": mostly(st.just(""), st.one_of(st.sampled_from(ACTIONS), values)),
    "orderId": mostly(st.sampled_from([CHOOSING, CHOOSING, WAITING])),
    "baristaUserId": mostly(st.just("")),
    "body": mostly(objects(orders)),
}
KINDS = {
    "scans": mostly(objects({"orderId": mostly(ids, st.just(BYSTANDER)), "userId": ids})),
    "submissions": mostly(objects(actions)),
    "bodies": mostly(objects(orders)),
}


def made_up(kind: str, count: int) -> list[Any]:
    """Return so many cases of a kind, the same ones for the same seed."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, kind, str(count)],
            env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": folder},
            stdout=subprocess.PIPE,
            encoding="ascii",
            check=True,
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Print the cases that the arguments ask for, each once: hypothesis likes to try a simple one again."""
    kind, count = sys.argv[1], int(sys.argv[2])
    shown: set[str] = set()

    @seed(SEED)
    @settings(
        max_examples=count * AGAIN,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind])
    def show(case: Any) -> None:
        text = json.dumps(case)
        if text not in shown and len(shown) < count:
            shown.add(text)
            sys.stdout.write(text + "\n")

    show()


if __name__ == "__main__":
    main()
