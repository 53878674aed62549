"""Contracts: an invalid message is reported by path, without values, in the scenario that caused it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from places import SYSTEMS

from acceptance.contracts import Contracts, Watch
from acceptance.contracts.reading import read_contracts
from acceptance.trouble import Trouble

FOLDERS = sorted(path.parent for path in SYSTEMS.glob("*/contracts/asyncapi.yaml"))
DOCUMENT = """\
asyncapi: 3.0.0
info: {title: A bakery, version: 1.0.0}
channels:
  bus:
    address: Bakery
    messages:
      baked: {$ref: "#/components/messages/baked"}
      sold: {$ref: "#/components/messages/sold"}
  orders:
    messages:
      order: {payload: {schema: {$ref: loaf.json}}}
operations:
  tell: {action: send, channel: {$ref: "#/channels/bus"}}
  take: {action: receive, channel: {$ref: "#/channels/orders"}}
components:
  messages:
    baked: {name: Baked, payload: {schema: {$ref: baked.json}}}
    sold: {name: Sold, title: a sale, payload: {schema: {$ref: "loaf.json#/$defs/sale"}}}
x-records:
  shelf:
    title: a shelf
    schema: {$ref: loaf.json}
    stamps: [baked_at, sold_at]
    doers: {baked_by: bake, sold_by: sell}
    changes:
      - {title: a loaf is put there, of: [kind, grams], before: {maxProperties: 0}}
      - {title: it is weighed, of: [grams], before: {not: {required: [grams]}}, after: {required: [grams]}}
"""
LOAF = {
    "type": "object",
    "properties": {"kind": {"enum": ["rye", "spelt"]}, "grams": {"type": "integer", "minimum": 1}},
    "required": ["kind"],
    "additionalProperties": False,
    "$defs": {"sale": {"type": "object", "required": ["price"]}},
}
BAKED = {"type": "object", "properties": {"loaves": {"type": "array", "items": {"$ref": "loaf.json"}}}}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "asyncapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    for name, schema in (("loaf.json", LOAF), ("baked.json", BAKED)):
        (tmp_path / name).write_text(json.dumps(schema), encoding="utf-8")
    return tmp_path


@pytest.fixture
def watch(folder):
    return Watch(read_contracts(folder))


def test_the_shipped_contracts_can_be_read():
    assert FOLDERS
    for folder in FOLDERS:
        assert read_contracts(folder).forms


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"loaves": [{"kind": "rye", "token": "s3cret"}]}, "bus › loaves[0].token is not part of Baked"),
        ({"loaves": [{"grams": 1}]}, "bus › loaves[0].kind is missing from Baked"),
        ({"loaves": [{"kind": "s3cret"}]}, "bus › loaves[0].kind of Baked must be rye or spelt"),
        (
            {"loaves": [{"kind": "rye", "grams": "s3cret"}]},
            "bus › loaves[0].grams of Baked must be integer, not string",
        ),
        ({"loaves": [{"kind": "rye", "grams": 0}]}, "bus › loaves[0].grams of Baked does not keep its “minimum: 1”"),
        (["s3cret"], "bus › the whole of Baked must be object, not array"),
        (None, "bus › the whole of Baked must be object, not null"),
    ],
)
def test_a_difference_is_told_by_its_path_and_without_its_value(watch, content, words):
    watch.hears("bus", content, ["Ada"], "Baked")
    told = watch.broken_by()
    assert told == [words]
    assert "s3cret" not in str(told)


def test_what_keeps_to_its_form_is_seen_and_not_told(watch):
    watch.hears("bus", {"loaves": [{"kind": "rye"}]}, [], "Baked")
    watch.finds("shelf", {"kind": "spelt", "grams": 750}, [])
    assert watch.broken_by() == []
    assert watch.seen == {"bus › Baked": 1, "bus › a sale": 0, "shelf › a shelf": 1}


def test_a_message_of_another_name_is_not_published(watch):
    watch.hears("bus", {}, [], "Burnt")
    assert watch.broken_by() == ["bus › Burnt is not published"]


def test_records_have_a_form_too(watch):
    watch.finds("shelf", {"kind": "rye", "eaten": True}, [])
    assert watch.broken_by() == ["shelf › eaten is not part of a shelf"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"kind": "rye"}, None),
        ({"kind": "rye"}, {"kind": "rye", "grams": 750}, None),
        ({"kind": "rye"}, {"kind": "rye"}, None),
        (
            {"kind": "rye"},
            {"kind": "s3cret", "grams": 750},
            "shelf › kind changed too when it is weighed: only grams may change then",
        ),
        (
            {"kind": "rye", "grams": 1},
            {"kind": "rye", "grams": 2},
            "shelf › grams changed, but must not change in a record in this state",
        ),
        ({"kind": "rye"}, {}, "shelf › a record was removed"),
        (
            {},
            {"eaten": True},
            "shelf › a record has appeared that consists of eaten: nothing may make such a record",
        ),
    ],
)
def test_records_change_in_known_ways_only(watch, before, after, words):
    watch.changes("shelf", before, after, ["Ada"])
    watch.changes("cellar", before, after, ["Ada"])
    told = watch.broken_by(["Ada"])
    assert told == ([words] if words else [])


def test_what_the_system_does_not_send_is_not_checked(watch):
    watch.hears("orders", "no order", [])
    watch.hears("elsewhere", "no order", [])
    assert watch.broken_by() == []


def test_each_scenario_is_told_of_its_own_and_the_end_of_the_rest(watch):
    watch.hears("bus", {}, ["Ada"], "Sold")
    watch.hears("bus", {"price": 2}, ["Ben"], "Sold")
    watch.hears("bus", {"loaves": 7}, ["Ben"], "Baked")
    assert watch.broken_by(["Ada"]) == ["bus › price is missing from a sale"]
    assert watch.broken_by(["Ada"]) == []
    watch.hears("bus", {}, ["somebody of before"], "Sold")
    assert watch.left() == ["bus › loaves of Baked must be array, not integer"], "what was told is not told again"


def test_something_that_must_never_be_is_told_without_contracts():
    watch = Watch(Contracts())
    watch.hears("bus", {}, ["Ada"], "Baked")
    watch.breaks("two loaves for one order", ["Ada"])
    assert watch.broken_by(["Ben"]) == []
    assert watch.broken_by(["Ada"]) == ["two loaves for one order"]
    assert watch.seen == {}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("asyncapi.yaml", "channels: ["),
        ("asyncapi.yaml", "asyncapi: 3.0.0"),
        ("baked.json", '{"type": "loaf"}'),
        ("baked.json", "{"),
        ("baked.json", None),
        ("asyncapi.yaml", DOCUMENT.replace("baked.json", "https://example.com/baked.json")),
    ],
)
def test_contracts_that_cannot_be_read(folder, file, text):
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=r"The contracts in .*asyncapi\.yaml cannot be read: "):
        read_contracts(folder)


KATHMANDU = timedelta(hours=5, minutes=45)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (lambda now: now, []),
        (lambda now: now - timedelta(minutes=4), []),
        (lambda now: now + timedelta(minutes=4), []),
        (lambda now: now + KATHMANDU, ["shelf › baked_at lies 5 h 45 min in the future: is it in another time zone"]),
        (lambda now: now - KATHMANDU, ["shelf › baked_at lies 5 h 45 min before its scenario began: is it in another"]),
        (lambda now: now.replace(tzinfo=None), ["shelf › baked_at names no time zone"]),
    ],
)
def test_what_was_done_in_a_scenario_was_done_by_now_and_not_before_it(watch, written, words):
    now = datetime.now(UTC)
    watch.finds("shelf", {"kind": "rye", "baked_at": written(now).isoformat()}, ["7"], now)
    found = [one for one in watch.broken_by() if "not part of" not in one]
    assert [one.startswith(start) for one, start in zip(found, words, strict=True)] == [True] * len(words), found


def test_a_field_that_names_who_did_something_names_one_who_did_that(watch):
    loaf = {"kind": "rye", "baked_by": "Bo", "sold_by": "Bo"}
    watch.finds("shelf", loaf, ["7"], done={"bake": {"Bo", "bo"}, "sell": {"Kai", "kai"}})
    watch.finds("shelf", loaf, ["8"], done={"bake": {"Bo", "bo"}})
    found = [one for one in watch.broken_by() if "not part of" not in one]
    assert found == ["shelf › sold_by names someone other than who did “sell”"]


def test_a_time_that_is_none_is_noticed_and_one_of_long_ago_is_not_where_nobody_says_when_it_began(watch):
    watch.finds("shelf", {"kind": "rye", "sold_at": "soon"}, ["7"], datetime.now(UTC))
    watch.finds("shelf", {"kind": "rye", "sold_at": "1990-01-01T00:00:00+00:00"}, ["8"])
    assert [one for one in watch.broken_by() if "not part of" not in one] == ["shelf › sold_at is no time"]
