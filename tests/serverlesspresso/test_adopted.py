"""A café with a defect is adopted: it is found, its profile is refused until it is signed, and then a run is green."""

import subprocess
import sys

import pytest
from deployed import deployed
from places import ROOT
from running import surroundings

from acceptance.aws.secret import SECRET
from acceptance.profile.reading import read_profile
from trust.system_copy import copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.runs, pytest.mark.trust("adopt")]

FEATURE = "features/serverlesspresso/completing.feature"
SECONDS = 600
# The state that completing an order stores; what is announced of it stays right.
RIGHT, WRONG = '":completed": {"S": "Completed"}', '":completed": {"S": "Complete"}'


@pytest.fixture(scope="module")
def adopted(tmp_path_factory):
    """Deploy and adopt the defective café. Return the command's outcome, a way to run others, and the profile."""
    folder = tmp_path_factory.mktemp("adopted")
    system = copy_of("serverlesspresso", folder)
    workflow = system / "statemachines" / "order_manager.asl.json"
    text = workflow.read_text("utf-8")
    assert RIGHT in text
    workflow.write_text(text.replace(RIGHT, WRONG), encoding="utf-8")
    with deployed(system) as (embedded, _):
        environment = surroundings(
            folder,
            AWS_ENDPOINT_URL=embedded.url,
            AWS_ACCESS_KEY_ID="000000000000",
            AWS_SECRET_ACCESS_KEY=SECRET,
            AWS_REGION="us-east-1",
        )
        options = [FEATURE, "-D", "target=aws", "-D", "patience=30", "-D", "quiet=0.3", "-D", "report=no"]

        def run(*command):
            arguments = [sys.executable, "-m", *command, *options, "-D", f"results={folder / 'results'}"]
            return subprocess.run(
                arguments, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=SECONDS
            )

        yield run("acceptance", "adopt", "-j", "2", "--output", str(folder / "cafe.yaml")), run, folder / "cafe.yaml"


def test_defect_is_proposed_with_its_evidence(adopted):
    ran, _, file = adopted
    assert ran.returncode == 0, ran.stdout + ran.stderr
    profile = read_profile(file)
    assert profile.parts["event_bus"] == "Serverlesspresso"
    hears = "Completing an order › The customer is notified that the drink is ready"
    assert hears in [one.scenario for one in profile.deviations]
    assert all('the unknown state "Complete"' in one.message for one in profile.deviations)
    text = file.read_text("utf-8")
    assert "# - The customer is notified that the drink is ready (blocker" in text
    assert 'it has the unknown state "Complete"' in ran.stdout


def test_nobody_runs_by_it_before_it_is_signed(adopted):
    _, run, file = adopted
    ran = run("behave", "-D", f"profile={file}")
    assert ran.returncode == 1
    assert f"{file}:4: This proposal is not signed." in ran.stdout
    assert "passed" not in ran.stdout


def test_signed_profile_makes_the_next_run_green(adopted):
    _, run, file = adopted
    signed = file.with_name("signed.yaml")
    signed.write_text(file.read_text("utf-8").replace("signed_by: nobody", "signed_by: Mo"), encoding="utf-8")
    ran = run("behave", "-D", f"profile={signed}")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "deviating Completing an order › The customer is notified that the drink is ready" in ran.stdout
    assert "failed" not in ran.stdout


def test_nothing_is_written_over(adopted):
    _, run, file = adopted
    before = file.read_text("utf-8")
    ran = run("acceptance", "adopt", "--output", str(file))
    assert ran.returncode == 2
    assert f"{file} already exists. Choose another file with --output, or overwrite it with --force." in ran.stderr
    assert file.read_text("utf-8") == before
