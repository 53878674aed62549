"""A run with exactly the published policy passes, and each of its actions, resources and statements is needed.

An emulator cannot prove that AWS checks the same resources and condition keys as `strict_account.py`, which takes them
from AWS's Service Authorization Reference. The café itself is not checked either: MiniStack allows its functions and
workflows everything.
"""

import json
from fnmatch import fnmatchcase

import pytest

from acceptance.report.verdicts import describe
from trust.behave_run import run_behave
from trust.guests.account import CUSTOMER, POLICY
from trust.guests.walk import walk

pytestmark = pytest.mark.cloud

MOST_LETTERS = 6144  # limit of a managed policy, without blanks
NEEDED = [statement for statement in POLICY if not statement["Sid"].startswith("Optional")]
# Together these make all the suite's requests, except for the logs, which only a failure needs.
SCENARIOS = {
    "app": "A drink ordered in the app reaches the baristas",
    "journeys": "Ada gets her drink",
    "malformed_scans": "A malformed scan leaves the other orders alone",
    "ordering": "A drink that has run out is refused",
    "confirmation_codes": "The confirmation code of a submitted order is used up",
    "shop_hours": "A scan at a closed shop is refused",
}

# What a walk reports if an optional statement is missing.
LESS = {
    "OptionalRules": lambda told: "events:ListTargetsByRule" in str(told["gaps"]),
    "OptionalLogs": lambda told: "logs:FilterLogEvents" in str(told["logged"]),
    "OptionalConsumers": lambda told: "may not be listed" in told["unsure"],
    "OptionalStreamOfATable": lambda told: "change" not in told["moments"],
    "OptionalStreams": lambda told: "change" not in told["moments"],
    "OptionalAppAddress": lambda told: "apigateway:GET" in told["why not in the app"],
    "OptionalAppPools": lambda told: "cognito-idp:ListUserPools" in told["why not in the app"],
    "OptionalAppClients": lambda told: "cognito-idp:ListUserPoolClients" in told["why not in the app"],
}


@pytest.fixture(scope="module")
def everything(guest):
    """The report of a guest with the whole policy."""
    return walk(guest)


def listed(value):
    return value if isinstance(value, list) else [value]


def without(owner, sid):
    """Create a guest with all statements but one."""
    return owner.invite(f"without-{sid}", [statement for statement in POLICY if statement["Sid"] != sid])


def test_a_run_passes_with_the_policy(guest, tmp_path):
    ran = run_behave(
        tmp_path / "cafe",
        tuple(SCENARIOS),
        *(f"--name=^{name}$" for name in SCENARIOS.values()),
        *("-D", "target=aws", "-D", "exclusive=yes", "-D", "quiet=0.3"),
        variables={
            **guest,
            **{f"ACCEPTANCE_SERVERLESSPRESSO_{name.upper()}": value for name, value in CUSTOMER.items()},
        },
    )
    assert (ran.status, len(ran.passed)) == (0, len(SCENARIOS)), ran.output


def test_no_action_and_no_resource_is_too_much(owner, guest, everything):
    """Permissions that neither the run nor a walk requests are not needed."""
    asked = owner.asked(guest)
    unused = [
        (statement["Sid"], action, resource)
        for statement in POLICY
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if not any(action == done and fnmatchcase(on, resource) for done, on in asked)
    ]
    assert unused == []


def test_every_statement_is_told_apart():
    optional = [statement["Sid"] for statement in POLICY if statement not in NEEDED]
    assert optional == list(LESS)


def test_the_policy_is_short_enough_for_aws():
    assert len("".join(json.dumps(POLICY).split())) < MOST_LETTERS


@pytest.mark.parametrize("missing", NEEDED, ids=lambda statement: statement["Sid"])
def test_what_is_missing_is_named(owner, missing):
    with pytest.raises(Exception, match="not authorized to perform") as refused:
        walk(without(owner, missing["Sid"]))
    said = describe(refused.value)
    assert any(f"not authorized to perform: {action} " in said for action in listed(missing["Action"])), said
    assert owner.taps() == [], "a tap is left that nobody reads"


@pytest.mark.parametrize("sid", LESS)
def test_without_an_optional_statement_a_run_tells_less(owner, everything, sid):
    assert not LESS[sid](everything), "nothing would be missed"
    told = walk(without(owner, sid))
    assert LESS[sid](told), told
