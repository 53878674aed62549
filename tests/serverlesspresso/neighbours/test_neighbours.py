"""Whole runs in the cafés of neighbours: red on exactly the defects that are known, and on nothing where none is."""

import datetime
import re

import pytest
import yaml
from neighbour import HERE, features, neighbour

pytestmark = [pytest.mark.cloud, pytest.mark.runs, pytest.mark.slow, pytest.mark.trust("neighbours")]
# Of the two, one guest waits for the other's time-outs: they are short in a café of their own.
SHORT = {"CustomerSeconds": 12, "BaristaSeconds": 12}
SHORT_OF_THE_CORNER = [("TimeoutSeconds: 240", "TimeoutSeconds: 12"), ("TimeoutSeconds: 600", "TimeoutSeconds: 12")]
NOT_SLOW = "--tags=not slow"


def wanted(*, slow=False):
    """The scenarios that the workshop's defects must turn red."""
    defects = yaml.safe_load((HERE / "workshop" / "defects.yaml").read_text(encoding="utf-8"))
    return sorted(name for one in defects if one.get("slow", False) == slow for name in one["scenarios"])


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    with neighbour("workshop", tmp_path_factory.mktemp("workshop")) as cafe:
        cafe.is_open(True)
        yield cafe


@pytest.fixture(scope="module")
def judged(workshop):
    """What the first whole run finds."""
    return workshop.runs(NOT_SLOW, jobs=2)


def test_exactly_the_workshops_defects_are_red(judged):
    assert sorted(judged.red) == wanted(), judged.output


def test_each_defect_is_told_as_a_failure_of_the_cafe(judged):
    assert judged.of("broken") == {}


def test_the_workshops_defects_of_time_are_red(tmp_path):
    with neighbour("workshop", tmp_path, **SHORT) as cafe:
        cafe.is_open(True)
        judged = cafe.runs(*features("time_outs"), "-D", "slow=yes", jobs=2)
    assert sorted(judged.red) == wanted(slow=True), judged.output


def test_the_corner_keeps_every_promise(tmp_path):
    with neighbour("faithful", tmp_path) as cafe:
        judged = cafe.runs(NOT_SLOW, jobs=2)
    assert judged.red == {}, judged.output
    assert judged.status == 0


def test_the_corner_keeps_its_times(tmp_path):
    with neighbour("faithful", tmp_path, SHORT_OF_THE_CORNER) as cafe:
        judged = cafe.runs(*features("time_outs"), "-D", "slow=yes", jobs=2)
    assert judged.red == {}, judged.output
    assert len(judged.green) == 6


# --- from the first run on ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adopted(workshop):
    """The profile that is suggested for the workshop's café, signed."""
    suggested = workshop.folder / "suggested.yaml"
    told = workshop.asks("adopt", "--output", str(suggested), "-j", "2", "--tags", "not slow")
    assert suggested.exists(), told.output
    return sign(suggested)


def sign(suggested):
    """Put a reason and a date where a person has to."""
    profile = yaml.safe_load(suggested.read_text(encoding="utf-8"))
    profile["signed_by"] = "Iris"
    for one in profile["deviations"]:
        one["reason"] = "The neighbours know of it, and have no time this month."
        one["until"] = datetime.date.today() + datetime.timedelta(days=30)
    signed = suggested.with_name("signed.yaml")
    signed.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    return signed


def test_every_defect_is_suggested_as_a_deviation(adopted):
    profile = yaml.safe_load(adopted.read_text(encoding="utf-8"))
    assert sorted(one["scenario"] for one in profile["deviations"]) == wanted()


def test_with_the_profile_the_next_run_is_green_and_no_deviation_is_a_pass(workshop, adopted):
    again = workshop.runs(NOT_SLOW, jobs=2, profile=adopted)
    assert (again.status, again.red) == (0, {}), again.output
    assert sorted(again.of("unknown")) == wanted()


def test_a_defect_that_is_mended_is_told(adopted, tmp_path):
    mended = (
        '"ConditionExpression": "attribute_exists(orderNumber) AND ORDERSTATE = :open",\n        "UpdateExpression"'
    )
    edits = [
        ('"UpdateExpression": "SET baristaUserId', f'{mended}: "SET baristaUserId'),
        (
            r'"ExpressionAttributeValues": {":barista"',
            '"ExpressionAttributeValues": {":open": {"S.$": "States.Format(\'{}-CREATED\', $.eventId)"}, ":barista"',
        ),
    ]
    with neighbour("workshop", tmp_path, edits, file="order_manager.asl.json") as cafe:
        cafe.is_open(True)
        judged = cafe.runs(*features("claiming"), profile=adopted)
    assert (judged.status, judged.red) == (0, {}), judged.output
    told = re.findall("no longer happens: “(.+?)” passed", judged.words)
    assert sorted(told) == [name for name in wanted() if name.startswith("Claiming")], judged.output
