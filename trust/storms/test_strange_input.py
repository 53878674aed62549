"""The café withstands any input: it stores and runs only what it should, and other orders finish.

hypothesis generates the cases, always the same; STRANGE_INPUT_SEED=… generates others. Each property is also shown to
fail on a café that was broken on purpose.
"""

import re

import pytest

from trust.storms.storm import told
from trust.storms.strange import BYSTANDER, CHOOSING, WAITING, made_up
from trust.system_copy import CAFE, MANAGER, PROCESSOR, Edit, copy_of, function

pytestmark = pytest.mark.cloud
SCANS, SUBMISSIONS, BODIES = 200, 100, 60


def scanned(storm, door):
    storm.open(BYSTANDER)
    return storm.scans(made_up("scans", SCANS))


def submitted(storm, door):
    storm.open(CHOOSING, WAITING)
    storm.choose(WAITING)
    return storm.submissions(made_up("submissions", SUBMISSIONS))


def sent_by_the_app(storm, door):
    visitor = door.sign_in("Ada")
    storm.open(CHOOSING, customer=visitor.user_id)
    return storm.bodies(made_up("bodies", BODIES), door, visitor)


def test_a_storm_of_scans(storm_over, serverlesspresso):
    storm, door = storm_over(serverlesspresso)
    wrong = list(scanned(storm, door))
    assert not wrong, told(wrong)
    assert 10 <= storm.accepted <= storm.sent - 10, "too few were proper, or too few were not"
    storm.finish(BYSTANDER)
    assert storm.left_over() == (set(), set())


@pytest.mark.parametrize("sent", [submitted, sent_by_the_app])
def test_a_storm_of_submissions(sent, storm_over, serverlesspresso):
    storm, door = storm_over(serverlesspresso)
    storm.open(BYSTANDER)
    wrong = list(sent(storm, door))
    assert not wrong, told(wrong)
    storm.finish(BYSTANDER)
    storm.finish(CHOOSING)
    stored, running = storm.left_over()
    assert (stored, running - {WAITING}) == (set(), set())


CHECKED = "isinstance(modifiers, list) and all(isinstance(m, str) and m in options for m in modifiers)"
# What is broken and how, what is sent, and how the first case that shows it is described.
BROKEN = {
    # Many at once fill the shop, so some are served and others rejected.
    "long ids are taken": (Edit(PROCESSOR, "$length($id) <= 64", "true"), scanned, "keeps running|it ended SUCCEEDED"),
    "long names are cut": (
        Edit(function("workflow_started"), '"USERID": {"S": user_id}', '"USERID": {"S": user_id[:40]}'),
        scanned,
        "the order is stored as",
    ),
    "an order is opened twice": (
        Edit(function("workflow_started"), '"Item": order, **once}', '"Item": order}'),
        scanned,
        "keeps running",
    ),
    "modifiers are not looked at": (Edit(function("sanitize_order"), CHECKED, "True"), submitted, "it ended SUCCEEDED"),
    "a stranger may choose": (
        Edit(MANAGER, "USERID = :user AND ORDERSTATE", "(USERID = :user OR USERID <> :user) AND ORDERSTATE"),
        submitted,
        "it ended SUCCEEDED",
    ),
    "the app believes who somebody says they are": (
        Edit(function("orders_api"), '{**order, "userId": user_id}', '{"userId": user_id, **order}'),
        sent_by_the_app,
        "it ended FAILED OrderRefusesAction",
    ),
    "the app takes any body": (
        Edit(function("orders_api"), "if not isinstance(order, dict):", "if False:"),
        sent_by_the_app,
        "the app answers 5",
    ),
}


@pytest.mark.planted
@pytest.mark.parametrize(("edit", "sent", "words"), BROKEN.values(), ids=[name.replace(" ", "-") for name in BROKEN])
def test_a_storm_shows_what_is_broken(edit, sent, words, storm_over, tmp_path):
    system = copy_of(CAFE, tmp_path)
    edit.apply(system)
    found = (str(wrong) for wrong in sent(*storm_over(system, patience=4.0)))
    assert any(re.search(words, what) for what in found), "nobody has noticed"
