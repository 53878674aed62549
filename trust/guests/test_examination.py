"""doctor reports missing permissions and their consequences before anything runs."""

import json
import subprocess
import sys

import pytest

from acceptance.system import find
from trust.guests.account import CUSTOMER, POLICY, ROOT

pytestmark = pytest.mark.cloud

SIMULATE = {
    "Sid": "OptionalSimulation",
    "Effect": "Allow",
    "Action": "iam:SimulatePrincipalPolicy",
    "Resource": "*",
}
# Actions with an effect are not tried.
WITH_EFFECT = {"events:PutEvents", "events:PutRule", "events:TagResource", "events:PutTargets", "sqs:CreateQueue"}
WITH_EFFECT |= {"sqs:TagQueue", "states:StartExecution", "dynamodb:UpdateItem", "dynamodb:GetRecords"}
OPTIONS = ["doctor", "--system", "serverlesspresso", "-D", "target=aws", "-D", "exclusive=yes", "--json"]
FALLS_AWAY = find("serverlesspresso").falls_away
ACTIONS = {
    statement["Sid"]: {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])
    for statement in POLICY
}
# Actions that can be tried without an effect; a run shows the others.
ASKED = sorted(sid for sid, actions in ACTIONS.items() if actions - WITH_EFFECT)


def doctor(guest, folder):
    """Run the command as a guest. Return its exit status and the findings about permissions."""
    customer = {f"ACCEPTANCE_SERVERLESSPRESSO_{name.upper()}": value for name, value in CUSTOMER.items()}
    ran = subprocess.run(
        [sys.executable, "-m", "acceptance", *OPTIONS],
        cwd=ROOT,
        env={"HOME": str(folder), "PATH": "", **guest, **customer},
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.stdout, ran.stderr
    (system,) = json.loads(ran.stdout)["systems"]
    return ran.returncode, [finding for finding in system["findings"] if finding["section"] == "permissions"]


def without(owner, sid, *more):
    statements = [statement for statement in POLICY if statement["Sid"] != sid]
    return owner.invite(f"examined-without-{sid}-{len(more)}", [*statements, *more])


def test_whoever_may_do_everything_is_told_so(owner, guest, tmp_path):
    status, findings = doctor(guest, tmp_path)
    assert status == 0
    assert [finding["verdict"] for finding in findings] == ["ok", "note"]
    allowed, unknown = findings
    assert allowed["sentence"].endswith("statements of docs/iam-policy.json")
    assert set(unknown["sentence"].rpartition(": ")[2].rstrip(".").split(", ")) == WITH_EFFECT
    assert "iam:SimulatePrincipalPolicy" in unknown["advice"]
    assert owner.taps() == []


@pytest.mark.parametrize("sid", ASKED)
def test_what_is_missing_is_told_with_what_falls_away(owner, sid, tmp_path):
    status, findings = doctor(without(owner, sid), tmp_path)
    told = next(finding for finding in findings if finding["subject"] == sid)
    assert (told["verdict"], told["stops"]) == (
        "note" if sid.startswith("Optional") else "problem",
        not sid.startswith(("Optional", "Exclusive")),
    )
    assert FALLS_AWAY[sid] in told["sentence"]
    assert any(action in told["sentence"] for action in ACTIONS[sid])
    assert told["advice"] == f"Allow the statement {sid} of docs/iam-policy.json."
    assert status == (0 if sid.startswith("Optional") else 1)
    others = {finding["subject"] for finding in findings} - {sid, "allowed", "not known"}
    assert not others, "more is said to be missing"


def test_every_statement_has_its_consequence():
    assert set(FALLS_AWAY) == set(ACTIONS)


def test_who_may_ask_iam_is_told_of_what_has_an_effect_too(owner, tmp_path):
    _, findings = doctor(without(owner, "ActOnOrders", SIMULATE), tmp_path)
    told = {finding["subject"]: finding for finding in findings}
    assert told["ActOnOrders"]["verdict"] == "problem"
    assert "states:StartExecution" not in told.get("not known", {}).get("sentence", "")
