"""Python functions of the embedded account are forked from a process that has loaded boto3: none notices it."""

import json
import sys
import tempfile
from pathlib import Path

import pytest

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux are functions forked"),
    pytest.mark.xdist_group("warm functions"),
]
FORK_SERVER = "multiprocessing.forkserver"
# What a function says of its process.
TELLS = """
import os, pathlib, sys
loaded_before = "boto3" in sys.modules

def handler(event, context):
    if event.get("die"):
        os._exit(3)
    if event.get("fail"):
        raise ValueError("wanted")
    return {
        "process": os.getpid(),
        "parent": pathlib.Path(f"/proc/{os.getppid()}/cmdline").read_text(),
        "loaded before": loaded_before,
        "environment": {name: os.environ.get(name) for name in event["variables"]},
        "arguments": sys.argv[1:],
        "folder": os.getcwd(),
        "path": sys.path[:2],
        "its own": getattr(sys.modules.get("jmespath") or __import__("jmespath"), "__version__", ""),
    }
"""
FUNCTION = """
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: {name}
      CodeUri: {name}
      Handler: app.handler
      Runtime: python3.13
      Timeout: {timeout}
      Environment: {{Variables: {variables}}}
"""
FUNCTIONS = {
    "plain": ({"OWN": "value", "TZ": "Asia/Tokyo"}, {}),
    "brings": ({}, {"jmespath.py": "__version__ = 'its own'\n"}),
    "switched": ({"PYTHONOPTIMIZE": "1"}, {}),
    "dies": ({}, {}),
    "sleeps": ({}, {"app.py": "import threading\n\ndef handler(event, context):\n    threading.Event().wait(60)\n"}),
}


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    """Invoke a function of an account and return what it answers, and its status."""
    folder = tmp_path_factory.mktemp("system")
    template = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    for name, (variables, files) in FUNCTIONS.items():
        timeout = 1 if name == "sleeps" else 30
        template += FUNCTION.format(name=name, timeout=timeout, variables=json.dumps(variables))
        (folder / name).mkdir()
        for file, code in {"app.py": TELLS, **files}.items():
            (folder / name / file).write_text(code)
    (folder / "template.yaml").write_text(template)
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, folder / "template.yaml")
        client = account.client("lambda")

        def invoke(name, **event):
            event["variables"] = ["OWN", "AWS_LAMBDA_FUNCTION_NAME", "PYTHONOPTIMIZE", "TZ"]
            answer = client.invoke(FunctionName=name, Payload=json.dumps(event))
            return json.loads(answer["Payload"].read()), answer.get("FunctionError")

        yield invoke


def test_a_function_is_forked_with_boto3_loaded(functions):
    told, error = functions("plain")
    assert error is None
    assert FORK_SERVER in told["parent"]
    assert told["loaded before"]


def test_it_has_its_own_environment_and_folder(functions):
    told, _ = functions("plain")
    assert told["environment"] == {
        "OWN": "value",
        "AWS_LAMBDA_FUNCTION_NAME": "plain",
        "PYTHONOPTIMIZE": None,
        "TZ": "Asia/Tokyo",
    }
    assert told["arguments"] == []
    assert Path(told["folder"]).name == "code"
    assert told["path"] == [told["folder"], str(Path(told["folder"]).parent)]


def test_its_worker_is_kept(functions):
    assert functions("plain")[0]["process"] == functions("plain")[0]["process"]


@pytest.mark.parametrize("name", ["brings", "switched"])
def test_what_would_be_another_thing_is_loaded_by_an_interpreter_of_its_own(functions, name):
    told, error = functions(name)
    assert error is None
    assert not told["loaded before"]
    assert (told["its own"] == "its own") == (name == "brings")
    assert told["environment"]["PYTHONOPTIMIZE"] == ("1" if name == "switched" else None)


def test_a_function_that_raises_is_an_error_and_works_again(functions):
    told, error = functions("plain", fail=True)
    assert (error, told["errorMessage"]) == ("Unhandled", "wanted")
    assert functions("plain")[1] is None


def test_a_function_whose_process_ends_is_an_error_and_works_again(functions):
    before, _ = functions("dies")
    told, error = functions("dies", die=True)
    assert error == "Unhandled"
    assert "died" in told["errorMessage"]
    after, error = functions("dies")
    assert error is None
    assert after["process"] != before["process"]


def test_a_function_that_takes_too_long_is_ended(functions):
    told, error = functions("sleeps")
    assert error == "Unhandled"
    assert "timed out" in told["errorMessage"]


def test_a_deep_temporary_directory_costs_time_only(monkeypatch, tmp_path):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    code = tmp_path / "only"
    code.mkdir()
    (code / "app.py").write_text(TELLS)
    template = tmp_path / "template.yaml"
    function = FUNCTION.format(name="only", timeout=30, variables="{}")
    template.write_text("Transform: AWS::Serverless-2016-10-31\nResources:\n" + function)
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, template)
        answer = account.client("lambda").invoke(FunctionName="only", Payload='{"variables": []}')
        told = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, told
    assert not told["loaded before"]
