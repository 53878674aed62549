"""How a deployment spells its messages: what is sent and read by it, and what is found by messages that are there."""

import json

import pytest

from acceptance.profile.reading import read_profile
from acceptance.trouble import Trouble
from support.retail.detection import Sample, dialect_of
from support.retail.dialect import CANONICAL, ENRICHED, OFFER, VIEW, Dialect
from support.retail.forms import form_of, form_seen_in
from support.retail.unreadable import UNREADABLE, Unreadable
from support.retail.users import UsersProfile

AT = 1_652_012_999_698
OTHER = Dialect(
    fields={"USERID": "who.id", "PAGEID": "page", "TIMESTAMP": "seen-at", "REFERRER": ""},
    offer={"USERID": "to"},
    forms={"USERID": "u-{}", "TIMESTAMP": "iso"},
    values={"PAGEID": {"200": "/checkout"}, "PLANTYPE": {"Free": "basic"}},
    also={"event.kind": "view"},
)
SPELLED = {
    "event": {"kind": "view"},
    "who": {"id": "u-7"},
    "page": "/checkout",
    "seen-at": "2022-05-08T12:29:59.698Z",
}


def test_a_page_view_is_spelled_as_the_deployment_has_it():
    said = {"USERID": 7, "PAGEID": 200, "TIMESTAMP": AT, "REFERRER": "newsletter"}
    assert OTHER.spelled(VIEW, said) == SPELLED
    assert CANONICAL.spelled(VIEW, said) == said


def test_what_is_received_is_read_back():
    assert OTHER.reader(ENRICHED).seen_in(SPELLED) == (7, 200, AT)
    assert OTHER.reader(OFFER).number("USERID", {"to": "u-8"}) == 8
    assert OTHER.reader(ENRICHED).seen_in([1]) == (None, None, None)


@pytest.mark.parametrize("said", [True, None, "Jo", 7.5, [], "u-", "u-7x"])
def test_what_is_no_number_is_none(said):
    assert OTHER.read("USERID", said) is None


def test_expectations_are_put_into_the_deployment_s_words():
    assert OTHER.path(ENRICHED, "TIMESTAMP") == '"seen-at"'
    assert OTHER.path(ENRICHED, "USERID") == "who.id"
    assert OTHER.path(ENRICHED, "something.else") == "something.else"
    assert (OTHER.own("PLANTYPE", "Free"), OTHER.own("PLANTYPE", "Team")) == ("basic", "Team")


@pytest.mark.parametrize(
    ("keyed_by", "key"), [("user", b"u-7"), ("page", b"/checkout"), ("nothing", None)], ids=lambda one: str(one)
)
def test_messages_are_keyed_as_the_deployment_does(keyed_by, key):
    dialect = OTHER.overridden_by(Dialect(keyed_by=keyed_by))
    assert dialect.key(7, 200) == key
    assert dialect.user_of_key(key) == (7 if keyed_by == "user" else None)


@pytest.mark.parametrize("form", ["number", "text", "uuid", "user-{}", "{}.visitor"])
def test_a_form_reads_what_it_writes(form):
    assert form_of(form).reads(str(form_of(form).writes(10**15))) == 10**15


def test_a_time_is_read_in_any_zone():
    assert (
        form_of("iso").reads("2022-05-08T14:29:59.698+02:00") == form_of("iso").reads(form_of("iso").writes(AT)) == AT
    )
    assert form_of("iso").reads("2022-05-08T14:29:59") is None, "a time without a zone is no moment"


def test_a_form_is_seen_in_a_value():
    values = (7, "7", "user-7", "2022-05-08T12:29:59Z", "00000000-0000-0000-0000-000000000007", "Jo", None)
    assert [form_seen_in(one) for one in values] == ["number", "text", "user-{}", "iso", "uuid", "", ""]


def test_what_cannot_be_read_is_spelled_so_too():
    made = {what: make(Unreadable(OTHER, 200, 7)) for what, make in UNREADABLE.items()}
    assert json.loads(made["a page view of no page"]) == {
        "event": {"kind": "view"},
        "who": {"id": "u-7"},
        "seen-at": "2022-05-08T12:29:59.698Z",
    }
    assert json.loads(made["a page view by a number below zero"])["who"] == {"id": "-u-7"}
    usual = {what: make(Unreadable(CANONICAL, 200, 7)) for what, make in UNREADABLE.items()}
    assert usual["half a page view"] == b'{"USERID": 7, "PAGEID": 200, "REFERRER": "newsletter'
    assert json.loads(usual["a page view by a broken number"])["USERID"] == 7.5
    assert len(usual["a page view beyond all length"]) == 999_905


def test_a_user_s_record_is_spelled_by_its_own_names():
    users = UsersProfile(fields={"USERID": "id", "PLANTYPE": "plan.name"}, form="text", also={"kind": "customer"})
    record = users.record(7, {"PLANTYPE": "Free", "COUNTRY": "SE"}, OTHER)
    assert record == {"kind": "customer", "id": "7", "plan": {"name": "basic"}, "COUNTRY": "SE"}


# --- what is found -------------------------------------------------------------------------------


def samples(*contents, key="userId"):
    return [Sample(str(one[key]).encode() if key else None, one) for one in contents]


def views(number=5, **more):
    return [{"userId": f"{user}", "page_id": 200, "timestamp": AT + user, **more} for user in range(number)]


def test_names_that_differ_in_capitals_and_signs_only_are_found():
    detected = dialect_of({VIEW: samples(*views()), ENRICHED: samples(*views(planType="Free")), OFFER: []})
    assert detected.dialect.model_dump(exclude_unset=True) == {
        "page_view": {"USERID": "userId", "PAGEID": "page_id", "TIMESTAMP": "timestamp"},
        "enriched_view": {
            "USERID": "userId",
            "PAGEID": "page_id",
            "TIMESTAMP": "timestamp",
            "PLANTYPE": "planType",
        },
        "forms": {"USERID": "text"},
    }
    assert "page view USERID userId" in detected.words


@pytest.mark.parametrize(
    "contents",
    [
        views(4),
        [*views(), {"USERID": 1, "page_id": 200, "timestamp": AT}],
        views(user={"id": "7"}),
        [{"visitor": 7, "page_id": 200} for _ in range(9)],
    ],
    ids=["too few", "two ways", "two places", "another name"],
)
def test_what_is_not_certain_is_not_found(contents):
    found = dialect_of({VIEW: [Sample(None, one) for one in contents]}).dialect
    assert "USERID" not in found.page_view


@pytest.mark.parametrize(("key", "keyed_by"), [("userId", "user"), ("page_id", "page"), (None, "nothing")])
def test_what_messages_are_keyed_by_is_found(key, keyed_by):
    assert dialect_of({VIEW: samples(*views(), key=key)}).dialect.keyed_by == keyed_by


# --- the profile ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("dialect: {fields: {USER_ID: userId}}", "USER_ID"),
        ("dialect: {forms: {USERID: iso}}", "USERID has no form “iso”"),
        ("users: {form: user}", "there is no form “user”"),
        ("services: {user_service: {stop: halt}}", "“start” is missing"),
    ],
)
def test_a_mistake_in_a_profile_is_told_with_its_line(tmp_path, section, words):
    file = tmp_path / "shop.yaml"
    file.write_text(f"system: retail\n{section}\n", encoding="utf-8")
    with pytest.raises(Trouble, match=f"{file}:2: .*{words}"):
        read_profile(file)
