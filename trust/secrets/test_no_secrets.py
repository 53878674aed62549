"""Search for secrets in everything that a run leaves behind, when everything goes wrong at once.

The café logs its task tokens, shows them in the app, and fails at the end of an order, so that every kind of evidence
is attached. None of the run's files may contain any of its secrets.
"""

import json

import pytest

from trust.behave_run import run_behave
from trust.faults.serverlesspresso import API, MANAGER, STARTED
from trust.secrets.runner import FILE
from trust.system_copy import CAFE, Edit, copy_of

pytestmark = pytest.mark.cloud

FEATURES = ("app", "completing", "deliveries", "confirmation_codes")
LEAKS = (
    Edit(API, '    "#id": "SK",\n', '    "#id": "SK",\n    "#pass": "TaskToken",\n'),
    Edit(STARTED, '    detail = event["detail"]\n', '    print(json.dumps(event))\n    detail = event["detail"]\n'),
    Edit(MANAGER, '{"S": "Completed"}', '{"S": "Complete"}'),
    # The workflow fails with a cause that quotes its input, including the task token.
    Edit(MANAGER, '"$.order.TaskToken",\n        "Output": "{}"', '"$.order.NoToken",\n        "Output": "{}"'),
)  # fmt: skip


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """What a leaky run left: its results folder, its output, and its secrets by kind."""
    folder = tmp_path_factory.mktemp("leaky")
    system = copy_of(CAFE, folder)
    for leak in LEAKS:
        leak.apply(system)
    secrets = folder / "secrets.json"
    ran = run_behave(
        system, FEATURES, "-r", "trust.secrets.runner:SecretsRunner", "-D", "patience=2", "-D", "trace=yes",
        seconds=300, variables={FILE: str(secrets)},
    )  # fmt: skip
    assert ran.status == 1, ran.output
    return folder / "reports" / "allure-results", ran, json.loads(secrets.read_text(encoding="utf-8"))


def test_the_run_had_secrets_of_every_kind_and_failed_in_every_way(left):
    results, ran, secrets = left
    assert {kind for kind, known in secrets.items() if known} == {"password", "id token", "task token"}
    assert len(secrets["task token"]) > 10
    red = {scenario.name for scenario in ran.red}
    assert any("confirmation code" in name for name in red), "the app has shown no confirmation code"
    text = "\n".join(path.read_text(encoding="utf-8") for path in results.glob("*-attachment.json"))
    for kind in ("functions logged", "last events", "workflows", "TaskToken"):
        assert text.count(kind), f"no evidence holds {kind}, so the hunt would prove nothing"


@pytest.mark.parametrize("kind", ["password", "id token", "task token"])
def test_no_file_of_the_results_holds_a_secret(left, kind):
    results, _, secrets = left
    files = [path for path in results.rglob("*") if path.is_file()]
    assert len(files) > 30
    found = [path.name for path in files if any(s.encode() in path.read_bytes() for s in secrets[kind])]
    assert not found, f"a {kind} is in {', '.join(found)}"


@pytest.mark.parametrize("kind", ["password", "id token", "task token"])
def test_the_console_shows_no_secret(left, kind):
    _, ran, secrets = left
    shown = sum(secret in ran.output for secret in secrets[kind])
    assert not shown, f"{shown} of kind {kind}"
