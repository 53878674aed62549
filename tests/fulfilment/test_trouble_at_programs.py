"""Trouble around the programs: a clear sentence, never a failure of the system, and nothing left running."""

import os
import subprocess
import sys

import psutil
import pytest
from places import FEATURES, ROOT

from acceptance.aws.secret import SECRET
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import read_dialogue
from support.fulfilment.driver import Fulfilment
from support.fulfilment.parts import discover_fulfilment
from support.fulfilment.settings import FulfilmentSettings
from trust.behave_run import run_behave
from trust.system_copy import copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.trust("trouble")]
DIALOGUE = FEATURES / "fulfilment" / "dialogue.yaml"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda system: (system / "inventory.py").unlink(),
            "The inventory program cannot be started: there is no file ",
        ),
        (lambda system: (system / "fill.py").unlink(), "Creating the test users failed: "),
        (
            lambda system: (system / "inventory.py").write_text(
                "import sys; print('A table is missing.'); sys.exit(3)"
            ),
            "The inventory program ended half-way, with exit status 3, when Rosa wanted to start. "
            "It had printed last: “A table is missing.”.",
        ),
        (
            lambda system: (system / "inventory.py").write_text(
                "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
            ),
            "The inventory program ended half-way, with signal SIGKILL, when Rosa wanted to start. "
            "It had printed nothing. It was killed from outside: see who did so, or whether the memory was full.",
        ),
        (
            lambda system: (system / "fill.py").write_text("print('All are in.')"),
            "Rosa cannot log in at the inventory program as rosa: “Wrong user name or password.” Check the password",
        ),
    ],
    ids=["no program", "nobody lets people in", "no table", "killed", "login refused"],
)
def test_trouble_breaks_the_scenario_and_says_why(tmp_path, spoil, sentence):
    system = copy_of("fulfilment", tmp_path)
    spoil(system)
    ran = run_behave(
        system,
        ("reserving",),
        "--name",
        "^Goods for an unknown order cannot be reserved",
        "-D",
        "fulfilment_answer=20",
        about="fulfilment",
    )
    assert ran.status == 1
    assert sentence in ran.output
    assert {scenario.verdict for scenario in ran.red} == {"broken"}, ran.output
    assert [one.pid for one in psutil.process_iter(["cwd"]) if one.info["cwd"] == str(system)] == []


def test_a_dialogue_with_a_mistake_ends_the_run_before_its_first_scenario(tmp_path):
    file = tmp_path / "dialogue.yaml"
    file.write_text(DIALOGUE.read_text("utf-8").replace("leave:", "leaves:", 1), encoding="utf-8")
    done = _behave(tmp_path, "-D", f"fulfilment_dialogue={file}")
    assert done.returncode == 1
    line = DIALOGUE.read_text("utf-8").split("leave:")[0].count("\n") + 1
    assert f"{file}, line {line}: customer has no leaves; it may have title, command, " in done.stdout


def test_tables_that_are_missing_are_named(cafe_account):
    with pytest.raises(Trouble) as raised:
        discover_fulfilment(cafe_account[1], FulfilmentSettings())
    for table in ("orders", "stock", "deliveries", "staff"):
        assert (
            f'no name contains "fulfilment-{table}". Deploy it, or name it with -D fulfilment_{table}_table=…'
            in str(raised.value)
        )


def test_a_run_on_an_account_of_somebody_else_passes_and_leaves_nothing(fulfilment_account, tmp_path):
    embedded, account = fulfilment_account
    done = _behave(tmp_path, "-D", "target=aws", "-D", "fulfilment_prepare=yes", endpoint=embedded.url)
    assert done.returncode == 0, done.stdout
    tables = account.dynamodb.list_tables()["TableNames"]
    left = {table: account.dynamodb.scan(TableName=table)["Items"] for table in tables}
    assert [table for table, items in left.items() if items] == ["fulfilment-staff"], "whoever was let in stays so"


def test_without_a_password_a_run_on_aws_says_what_it_needs(fulfilment_account, tmp_path):
    done = _behave(tmp_path, "-D", "target=aws", endpoint=fulfilment_account[0].url)
    assert done.returncode == 1
    assert (
        "the password is not known. Set ACCEPTANCE_FULFILMENT_PASSWORD, or have the run create its test users"
        in done.stdout
    )


def test_a_password_that_is_given_is_used(fulfilment_account):
    account = fulfilment_account[1]
    tables, dialogue = discover_fulfilment(account, FulfilmentSettings()), read_dialogue(DIALOGUE)
    owner = Fulfilment(account, tables, dialogue, "owner", "what they know")
    owner.let_everybody_in()
    guest = Fulfilment(account, tables, dialogue, "guest", "what they know")
    try:
        console = guest.at_work("Pia")
        guest.begin(console)
        assert guest.running() == [console]
    finally:
        guest.leave()
    assert guest.running() == []


def _behave(folder, *options, endpoint=""):
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    given = {**keys, "AWS_ENDPOINT_URL": endpoint} if endpoint else {}
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))
    }
    return subprocess.run(
        [
            *(sys.executable, "-m", "behave", "features/fulfilment/reserving.feature"),
            *("-D", "report=no", "-D", f"results={folder / 'results'}", *options),
        ],
        cwd=ROOT,
        env={**inherited, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
