"""Programs that are written quite differently are worked by another dialogue file, without a change of code."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from acceptance.terminal.console import Refusal
from acceptance.trouble import Trouble
from support.fulfilment.order_flows import ManyFlows, Plan

pytestmark = [pytest.mark.slow, pytest.mark.trust("flows")]

OTHERS = Path(__file__).parent / "other_programs"


def test_an_order_passes_through_the_hands_of_others(others):
    (flow,) = ManyFlows(others, Plan("Lampe", quantity=2), 1).run()
    assert flow.went_through, flow.words
    assert flow.order.id == "A/0001"
    assert flow.order.delivery_id == "L/0001"
    assert flow.order.amount == "39.80"
    assert others.running() == []


def test_what_the_others_print_of_passwords_is_masked(others):
    (flow,) = ManyFlows(others, Plan("Lampe"), 1).run()
    for console in flow.consoles:
        assert others.password not in console.transcript.text
        assert "•••" in console.transcript.text
    pia = others.sits_down("Pia")
    pia.start()
    refused = pia.log_in("pia", "guessed")
    assert refused == Refusal("wrong password", "Abgelehnt: Kennwort ••• passt nicht zu pia")
    assert "guessed" not in pia.transcript.text


def test_what_the_others_refuse_is_an_outcome(others):
    pia, rosa = others.at_work("Pia"), others.at_work("Rosa")
    others.begin(pia)
    others.begin(rosa)
    order = pia.act("order", item="Lampe", quantity="4").found["order"]
    assert rosa.act("process", order=order) == Refusal(
        "not enough in stock", "Geht nicht: Der Vorrat reicht nicht fuer 4 Lampe"
    )
    assert pia.act("look", order=order).found["state"] == "angenommen"
    small = pia.act("order", item="Lampe", quantity="1").found["order"]
    rosa.act("process", order=small)
    assert rosa.act("process", order=small).kind == "already processed"
    assert rosa.act("process", order="A/0099").kind == "unknown"


def test_what_only_the_tables_tell_is_not_known_of_others(others):
    with pytest.raises(Trouble, match=r"their tables are not known\. Name them with -D fulfilment_orders_table=…"):
        others.records.stock("Lampe")


def test_people_who_cannot_be_let_in_are_told(others, monkeypatch):
    monkeypatch.setattr(others, "password", "another one")
    with pytest.raises(Trouble) as raised:
        others.begin(others.at_work("Pia"))
    assert str(raised.value).startswith(
        "Pia cannot log in at the counter as pia: “Abgelehnt: Kennwort ••• passt nicht zu pia”"
    )


@pytest.mark.cloud
def test_flows_run_with_another_dialogue(tmp_path):
    folder = shutil.copytree(OTHERS, tmp_path / "others", ignore=shutil.ignore_patterns("__pycache__", "*.sqlite"))
    # An account without any of fulfilment's tables.
    template = tmp_path / "elsewhere" / "template.yaml"
    template.parent.mkdir()
    template.write_text("Resources:\n  Topic: {Type: AWS::SNS::Topic}\n")
    saved = tmp_path / "results.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "support.fulfilment.flows", "--flows", "2", "--save", str(saved)),
            *("-D", f"fulfilment_dialogue={folder / 'dialogue.yaml'}", "-D", f"fulfilment_template={template}"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 of 2 flows completed" in done.stdout
    assert [flow["order"] for flow in json.loads(saved.read_text("utf-8"))["flows"]] == ["A/0001", "A/0002"]
