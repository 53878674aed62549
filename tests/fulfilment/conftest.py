"""Fixtures: fulfilment deployed in an embedded account, foreign programs, and programs that behave oddly."""

import shutil
from pathlib import Path

import psutil
import pytest
from deployed import deployed
from places import ROOT

from acceptance.aws.account import Account
from support.fulfilment.dialogue import read_dialogue
from support.fulfilment.driver import Fulfilment
from support.fulfilment.parts import discover_fulfilment
from support.fulfilment.settings import FulfilmentSettings

SYSTEM = ROOT / "systems" / "fulfilment"
DIALOGUE = ROOT / "features" / "fulfilment" / "dialogue.yaml"
OTHERS = Path(__file__).parent / "other_programs"


@pytest.fixture(scope="module")
def fulfilment_account():
    """An embedded account with fulfilment's tables."""
    with deployed(SYSTEM) as account:
        yield account


@pytest.fixture(scope="module")
def fulfilment(fulfilment_account):
    """Fulfilment as it is shipped, with everybody let in."""
    account = fulfilment_account[1]
    driver = Fulfilment(account, discover_fulfilment(account, FulfilmentSettings()), read_dialogue(DIALOGUE), "test")
    driver.let_everybody_in()
    yield driver
    driver.leave()


@pytest.fixture
def others(tmp_path):
    """Programs of another author in their own folder. They need no account."""
    folder = shutil.copytree(OTHERS, tmp_path / "others", ignore=shutil.ignore_patterns("__pycache__", "*.sqlite"))
    nowhere = Account("us-east-1", "http://127.0.0.1:9", "000000000000")
    driver = Fulfilment(nowhere, None, read_dialogue(Path(folder, "dialogue.yaml")), "test", password="open, Sesame 7")
    driver.let_everybody_in()
    yield driver
    driver.leave()


@pytest.fixture
def gone(wait_until):
    """See that these processes have gone."""

    def see(*processes):
        def left():
            return [one for one in processes if psutil.pid_exists(one) and _runs(one)]

        wait_until(lambda: not left(), f"the processes {processes} have gone")

    return see


def _runs(process):
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
