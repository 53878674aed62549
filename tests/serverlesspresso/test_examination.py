"""doctor's report on a café, and runs on a shop that is closed, full, or closes half-way."""

import json
import subprocess
import sys
import uuid

import pytest
from places import ROOT
from running import surroundings

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.trouble import Trouble
from support.serverlesspresso.examination import Found, examine
from support.serverlesspresso.matchers.orders import waits_for_its_drink
from support.serverlesspresso.profile import ServerlesspressoProfile
from support.serverlesspresso.settings import ServerlesspressoSettings

pytestmark = pytest.mark.cloud

SETTINGS = ServerlesspressoSettings()
CLOSED = "The shop is closed (item config, storeOpen false)."


def profile(**sections):
    return ServerlesspressoProfile.model_validate({"system": "serverlesspresso", **sections})


def look(account, settings=SETTINGS, said=None, *, exclusive=False):
    """Examine, and return the findings by their subjects."""
    found = examine(account, settings, said or profile(), Found(), exclusive=exclusive)
    return {finding.subject: finding for finding in found}


@pytest.fixture
def closed(account, parts):
    """Let the shop be closed for a test, as its owner has left it."""

    def write(is_open):
        account.dynamodb.update_item(
            TableName=parts.config_table,
            Key={"PK": {"S": "config"}},
            UpdateExpression="SET storeOpen = :open",
            ExpressionAttributeValues={":open": {"BOOL": is_open}},
        )

    write(False)
    yield
    write(True)


@pytest.fixture
def is_open(account, parts):
    def ask():
        key = {"PK": {"S": "config"}}
        return account.dynamodb.get_item(TableName=parts.config_table, Key=key)["Item"]["storeOpen"]["BOOL"]

    return ask


@pytest.fixture
def guest(cafe_account):
    """The environment of a shell that uses a separately started account."""
    return {
        "AWS_ENDPOINT_URL": cafe_account[0].url,
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
    }


class TestParts:
    def test_each_is_told_with_the_name_by_which_it_was_found(self, account):
        found = look(account)
        assert found["event bus"].what == 'Serverlesspresso (its name contains "serverlesspresso")'
        assert found["workflow of the orders"].what == 'OrderProcessorWorkflow (its name contains "orderprocessor")'
        assert "no shop id" in found["dialect"].what
        assert {finding.verdict for finding in found.values()} <= {"ok", "note"}

    def test_names_come_from_settings_and_from_the_profile(self, account):
        settings = ServerlesspressoSettings(
            event_bus="Serverlesspresso", counting_table="serverlesspresso-counting-table"
        )
        found = look(account, settings, profile(parts={"event_bus": "Serverlesspresso"}))
        assert found["event bus"].what == "Serverlesspresso (named by the profile)"
        told = "serverlesspresso-counting-table (named by serverlesspresso_counting_table)"
        assert found["table of the order numbers"].what == told

    def test_nothing_there_is_a_problem_for_each_part(self, cafe_account):
        empty = Account("us-east-1", cafe_account[0].url, str(400000000000 + uuid.uuid4().int % 10**10))
        found = look(empty)
        problems = [finding for finding in found.values() if finding.verdict == "problem"]
        assert len(problems) == 6
        assert all(finding.stops and finding.advice for finding in problems)
        assert found["HTTP API"].verdict == "note"
        assert "shop" not in found

    def test_two_of_a_kind_are_told_with_the_setting_that_chooses(self, account):
        other = "serverlesspresso-order-table-of-yesterday"
        account.dynamodb.create_table(
            TableName=other,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        )
        try:
            finding = look(account)["table of the orders"]
        finally:
            account.dynamodb.delete_table(TableName=other)
        assert finding.verdict == "problem"
        assert finding.what == (f"More than one table of the orders was found (serverlesspresso-order-table, {other}).")
        assert finding.advice == "Choose one with -D serverlesspresso_orders_table=…."


class TestReadiness:
    def test_open_shop_with_room(self, account):
        found = look(account)
        assert (found["shop"].verdict, found["room"].verdict) == ("ok", "ok")
        assert found["menu"].what.endswith("the usual order is Cappuccino")

    def test_closed_shop_stops_a_run(self, account, closed):
        finding = look(account)["shop"]
        assert (finding.verdict, finding.stops, finding.what) == ("problem", True, CLOSED)
        assert finding.advice == "Open it, or allow the run to open it with -D exclusive=yes."

    def test_closed_shop_is_opened_by_a_run_that_may(self, account, closed):
        finding = look(account, exclusive=True)["shop"]
        assert (finding.verdict, finding.stops) == ("note", False)

    def test_full_shop_stops_a_run(self, account, cafe, wait):
        order = cafe.bus.scan("Ada")
        wait.eventually(cafe.order, order, waits_for_its_drink("Ada"))
        finding = look(account, said=profile(shop={"capacity": 1}))["room"]
        assert (finding.verdict, finding.stops) == ("problem", True)
        assert finding.what == "The shop is full: 1 of 1 orders are open."

    def test_little_room_is_a_note(self, account):
        finding = look(account, said=profile(shop={"capacity": 2}))["room"]
        assert (finding.verdict, finding.stops) == ("note", False)

    def test_drink_that_only_the_profile_knows_is_a_problem(self, account):
        finding = look(account, said=profile(shop={"drink": "Matcha"}))["menu"]
        assert finding.verdict == "problem"
        assert "Matcha" in finding.what

    def test_what_an_emulator_does_otherwise_is_noted(self, account):
        assert "JSONPath" in look(account)["emulator"].what


class TestShopThatClosesDuringTheRun:
    def test_is_no_broken_promise(self, cafe, closed, wait):
        order = cafe.bus.scan("Ada")
        with pytest.raises(Trouble, match=r"The shop was closed during the run \(item config, storeOpen false\)"):
            wait.eventually(cafe.order, order, waits_for_its_drink("Ada"))

    def test_one_that_the_scenario_has_closed_is_another_matter(self, cafe, wait):
        cafe.shop.set_open(False)
        order = cafe.bus.scan("Ada")
        with pytest.raises(AssertionError, match="closed or full"):
            wait.eventually(cafe.order, order, waits_for_its_drink("Ada"))


class TestShopThatIsOpenedForTheRun:
    def test_is_closed_again_at_its_end_whatever_scenarios_do(self, cafe, closed, is_open, run_tap, monkeypatch):
        noted = []
        monkeypatch.setattr(run_tap, "must_put_back", noted.append)
        cafe.shop.open_for_run()
        assert is_open()
        assert noted[-1] == [["", False]]
        cafe.shop.set_open(False)
        cafe.end_scenario()
        assert is_open()
        assert noted[-1] == [["", False]], "a run that is killed now leaves it open"
        cafe.shop.close_after_run()
        assert not is_open()
        assert noted[-1] == []


@pytest.mark.runs
class TestCommands:
    def test_doctor_says_that_it_is_closed(self, guest, closed, tmp_path):
        command = [sys.executable, "-m", "acceptance", "doctor", "--system", "serverlesspresso", "-D", "target=aws"]
        environment = surroundings(tmp_path, **guest)
        ran = subprocess.run([*command, "--json"], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
        told = json.loads(ran.stdout)
        (system,) = told["systems"]
        assert (ran.returncode, told["ready"], system["system"]) == (1, False, "serverlesspresso")
        (problem,) = [finding for finding in system["findings"] if finding["verdict"] == "problem"]
        assert (problem["section"], problem["subject"], problem["sentence"]) == ("readiness", "shop", CLOSED)
        judged = next(finding for finding in system["findings"] if finding["subject"] == "judged")
        assert "@house_rule" in judged["sentence"]

    @pytest.mark.parametrize("workers", [(), ("-j", "2")], ids=["alone", "workers"])
    def test_run_says_so_before_the_first_scenario(self, behave, guest, closed, workers):
        options = (*workers, "-D", "target=aws", "-D", "report=no")
        ran = behave("features/serverlesspresso/ordering.feature", *options, **guest)
        assert ran.status == 1
        assert ran.said == [
            f"{CLOSED} Open it, or allow the run to open it with -D exclusive=yes.",
            f"{len(ran.results)} scenarios could not be checked.",
        ]
        assert set(ran.words()) == {"broken"}

    def test_run_that_may_opens_it_for_all_workers_and_leaves_it_closed(self, behave, guest, closed, is_open):
        ran = behave(
            "features/serverlesspresso/ordering.feature",
            *("--name=^A customer who scans the code can choose a drink$", "-j", "2"),
            *("-D", "target=aws", "-D", "exclusive=yes", "-D", "report=no"),
            **guest,
        )
        assert (ran.status, ran.words()) == (0, ["passed"]), ran.output
        assert not is_open()
