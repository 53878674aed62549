"""Trouble before the first scenario: one sentence, exit status 1, every scenario reported as broken."""

import re
import socket

import pytest
from places import ROOT

from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET

COMPLETING = ROOT / "features" / "serverlesspresso" / "completing.feature"
SMOKE = ("--tags=@smoke", "features/serverlesspresso")
AWS = ("-D", "target=aws")
KEYS = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET}
REGION = {"AWS_REGION": "eu-west-1"}
NO_SCENARIO = "No scenario is selected, so nothing would be tested. Check the tags, the names and the paths."


def is_told_once(run, beginning):
    """Whether a sentence that begins so, and the number of scenarios, is all that a person sees before the report."""
    sentence, count = run.said[:2]
    return sentence.startswith(beginning) and re.fullmatch(r"\d+ scenarios could not be checked\.", count)


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (
            ["-D", "embedded_port=http"],
            {},
            'The setting embedded_port cannot be "http": it is a number from 0 to 65535',
        ),
        (["-D", "serverlesspresso_template=nowhere/template.yaml"], {}, "There is no template "),
        (AWS, REGION, "No AWS credentials were found. Log in (aws sso login), set AWS_PROFILE, or"),
        (AWS, KEYS, "No AWS region is set. Set AWS_REGION, or choose one with -D region="),
        (AWS, REGION | {"AWS_ACCESS_KEY_ID": "x"}, "The AWS credentials cannot be used: Partial credentials found"),
        (AWS, REGION | {"AWS_PROFILE": "nobody"}, "boto3 does not accept its settings: The config profile (nobody)"),
    ],
    ids=["wrong value", "no template", "no credentials", "no region", "half of the credentials", "no such profile"],
)
def test_one_sentence_and_status_1(behave, arguments, variables, sentence):
    run = behave(*SMOKE, *arguments, "-D", "report=no", **variables)
    assert run.status == 1
    assert is_told_once(run, sentence), run.output
    assert set(run.words()) == {"broken"}
    assert all(sentence in message for message in run.messages())


@pytest.mark.parametrize(
    ("workers", "profile", "sentence"),
    [
        ("2", "", "x.yaml:1: a profile must consist of entries"),
        (
            "1",
            "system: serverlesspresso\ndialct: {}\n",
            "x.yaml:2: “dialct” is not a known section of a profile. Did you mean dialect?",
        ),
        (
            "2",
            "system: serverlespresso\n",
            "x.yaml:1: No system is called “serverlespresso”. Did you mean serverlesspresso?",
        ),
        ("1", "system: retail\n", "x.yaml is for retail, but this run has features of serverlesspresso only. Omit"),
        (
            "2",
            "system: serverlesspresso\nnot_made:\n  - {promise: '@smoek', reason: No.}\n",
            "x.yaml:3: No promise is called “@smoek”. Did you mean “@smoke”?",
        ),
        (
            "1",
            "system: serverlesspresso\nparts: {order_table: x}\n",
            "x.yaml:2: “order_table” is no setting of serverlesspresso. Did you mean orders_table?",
        ),
        (
            "2",
            "system: serverlesspresso\nparts: {event_bus: x}\n",
            "x.yaml:2: The profile names parts of a deployed system (event_bus), and this run deploys its own: add -D",
        ),
    ],
    ids=["empty", "unknown section", "no such system", "another system", "no such promise", "no such part", "target"],
)
def test_a_mistake_in_a_profile_is_told_before_anything_starts(behave, tmp_path, workers, profile, sentence):
    file = tmp_path / "x.yaml"
    file.write_text(profile, encoding="utf-8")
    run = behave(*SMOKE, "-j", workers, "-D", f"profile={file}", "-D", "report=no")
    assert run.status == 1
    assert sentence in run.said[0]
    assert run.output.count(sentence) == 1
    assert set(run.words()) == {"broken"}


def test_a_deviation_that_has_expired_is_told_once(behave, tmp_path):
    file = tmp_path / "x.yaml"
    (name, *_) = re.findall("Scenario: (.*)", COMPLETING.read_text(encoding="utf-8"))
    known = f"{{scenario: Completing an order > {name}, message: none, reason: It is late., until: 2020-02-29}}"
    file.write_text(f"system: serverlesspresso\ndeviations:\n  - {known}\n", encoding="utf-8")
    run = behave(*SMOKE, "-j2", "-D", f"profile={file}", "-D", "serverlesspresso_template=nowhere", "-D", "report=no")
    assert run.output.count(f"{file}:3: This deviation expired on 2020-02-29, so its scenario counts again: “") == 1


def test_unknown_setting_is_told_and_what_there_is_is_rendered(behave):
    run = behave(*SMOKE, "-D", "targt=aws")
    assert run.status == 1
    assert run.said[0] == "No setting is called -D targt. Did you mean target?"
    assert run.said[2:4] == ["No answer: nothing was checked", f"Report: {run.page}"]
    assert run.page.exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_former_names_of_settings_are_told_once(behave, workers):
    given = ["-j", workers, "-D", "template=nowhere", "-D", "report=no"]
    run = behave(*SMOKE, *given, CAFE_PATIENCE="5", CAFE_CUSTOMER_PASSWORD="Sesame-7-open")
    assert run.output.count("Some settings have new names: write ") == 1
    assert "-D serverlesspresso_template for -D template" in run.output
    assert "ACCEPTANCE_PATIENCE for CAFE_PATIENCE" in run.output
    assert "Sesame" not in run.output


@pytest.mark.parametrize("asked", [["-D", "trace=yes"], []], ids=["setting", "environment"])
def test_stack_trace_for_the_asking(behave, asked):
    run = behave(
        *SMOKE,
        *asked,
        "-D",
        "serverlesspresso_template=nowhere",
        "-D",
        "report=no",
        **({} if asked else {"ACCEPTANCE_TRACE": "yes"}),
    )
    assert 'File "acceptance/session.py"' in run.output


def test_port_that_is_taken(behave):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = behave(*SMOKE, "-D", f"embedded_port={port}", "-D", "report=no")
    assert run.status == 1
    assert is_told_once(run, f"Port {port} is taken, so the embedded account cannot listen there."), run.output


def test_endpoint_that_is_not_there(behave, free_port):
    address = f"http://127.0.0.1:{free_port}"
    run = behave(*SMOKE, *AWS, "-D", "report=no", AWS_ENDPOINT_URL=address, **KEYS, **REGION)
    assert run.status == 1
    assert is_told_once(run, f'AWS does not answer: Could not connect to the endpoint URL: "{address}/".'), run.output


@pytest.mark.cloud
def test_every_missing_part_is_named(behave):
    with EmbeddedAccount() as account:
        run = behave(*SMOKE, *AWS, "-D", "report=no", AWS_ENDPOINT_URL=account.url, **KEYS, **REGION)
    settings = "event_bus", "order_processor", "order_manager", "orders_table", "config_table", "counting_table"
    assert run.status == 1
    assert [name for name in settings if f"-D serverlesspresso_{name}=…" not in run.output] == []
    assert run.said[-1] == "6 scenarios could not be checked."


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("Resources:\n  Bar:\n    Type: AWS::No::Bar\n", "AWS::No::Bar"),
        (
            "Resources:\n  Bar:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: bar}\n",
            "names bar, and there is no such file or folder beside it. Correct the setting serverlesspresso_template",
        ),
        ("Resources: [", "expected the node content"),
        ("", "is not one of CloudFormation: it has no Resources"),
    ],
    ids=["unknown type", "absent function", "not YAML", "empty"],
)
def test_template_that_cannot_be_deployed(behave, tmp_path, template, reason):
    path = tmp_path / "template.yaml"
    path.write_text(template)
    run = behave(*SMOKE, "-D", f"serverlesspresso_template={path}", "-D", "report=no")
    assert run.status == 1
    assert reason in run.output
    assert "Traceback" not in run.output
    assert run.words() == ["broken"] * 6


@pytest.mark.parametrize("selection", [["--tags=@nothing"], ["--name=no such scenario"]], ids=["tags", "name"])
def test_nothing_selected_is_not_green(behave, selection):
    run = behave(*selection)
    assert (run.status, run.said) == (1, [NO_SCENARIO])


@pytest.mark.parametrize("wish", [["--dry-run", *SMOKE], ["--help"]], ids=["dry run", "help"])
def test_a_look_needs_no_cloud(behave, wish):
    run = behave(*wish, "-D", "target=aws")
    assert run.status == 0
    assert run.results == []
