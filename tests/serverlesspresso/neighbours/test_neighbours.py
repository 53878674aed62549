"""Whole runs in the cafés of neighbours: red on exactly the defects that are known, and on nothing where none is."""

import datetime
import re

import pytest
import yaml
from neighbour import FREE, HERE, features, neighbour, without_columns

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
def adoption(workshop):
    """The output of adopting the workshop's café, and the suggested profile."""
    suggested = workshop.folder / "suggested.yaml"
    return workshop.asks("adopt", "--output", str(suggested), "-j", "2", "--tags", "not slow", *FREE), suggested


@pytest.fixture(scope="module")
def signed(adoption):
    """The suggested profile, read and signed."""
    _, suggested = adoption
    profile = read(suggested)
    for one in profile["deviations"]:
        one["reason"] = "The neighbours know of it, and have no time this month."
        one["until"] = datetime.date.today() + datetime.timedelta(days=30)
    return write(suggested.with_name("signed.yaml"), {**profile, "signed_by": "Iris"})


def read(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def write(file, profile):
    file.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    return file


def test_exactly_the_workshops_defects_are_suggested_as_deviations(adoption):
    told, suggested = adoption
    assert told.status == 0, told.output
    suggestions = {without_columns(one["scenario"]) for one in read(suggested)["deviations"]}  # one for each failure
    assert sorted(suggestions) == wanted(), told.output


def test_nobody_runs_by_a_profile_that_nobody_has_signed(workshop, adoption):
    judged = workshop.runs(*features("journeys"), profile=adoption[1])
    assert judged.status != 0
    assert "This proposal is not signed" in judged.words


def test_with_the_profile_the_next_run_is_green_and_no_deviation_is_a_pass(workshop, signed):
    again = workshop.runs(NOT_SLOW, jobs=2, profile=signed)
    assert (again.status, again.red) == (0, {}), again.output
    assert sorted(again.of("unknown")) == wanted()


def test_a_defect_that_is_mended_is_told(signed, tmp_path):
    mended = [
        (
            '"UpdateExpression": "SET baristaUserId',
            '"ConditionExpression": "attribute_exists(orderNumber) AND ORDERSTATE = :open", '
            '"UpdateExpression": "SET baristaUserId',
        ),
        (
            '"ExpressionAttributeValues": {":barista"',
            '"ExpressionAttributeValues": {":open": {"S.$": "States.Format(\'{}-CREATED\', $.eventId)"}, ":barista"',
        ),
    ]
    with neighbour("workshop", tmp_path, mended, file="order_manager.asl.json") as cafe:
        cafe.is_open(True)
        profile = read(signed)
        del profile["parts"]  # the workflows of another deployment have names of their own
        judged = cafe.runs(*features("claiming"), profile=write(tmp_path / "signed.yaml", profile))
    assert (judged.status, judged.red) == (0, {}), judged.output
    told = re.findall("no longer happens: “(.+?)” passed", judged.words)
    assert sorted(told) == [name for name in wanted() if name.startswith("Claiming")], judged.output
