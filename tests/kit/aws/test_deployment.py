"""What `sam deploy` does with local paths, and what CloudFormation says when it cannot be done."""

import io
import json
import zipfile

import pytest

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy, load_template, remove
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.trouble import Trouble

QUEUE = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"
UNKNOWN_ROLE = """
Resources:
  Impossible:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: some, Roles: [nobody], PolicyDocument: {Statement: []}}
"""
GREETING = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: greet, CodeUri: functions/greet, Handler: app.handler, Runtime: python3.13}
"""
GREET = """
from pathlib import Path

def handler(event, context):
    return Path(__file__).with_name("words").joinpath("hello.txt").read_text()
"""


def write(folder, text):
    folder.mkdir(exist_ok=True)
    path = folder / "template.yaml"
    path.write_text(text)
    return path


def download(account, key):
    """The only object of this key, in whichever bucket it was put."""
    s3 = account.client("s3")
    (bucket,) = [
        bucket["Name"]
        for bucket in s3.list_buckets()["Buckets"]
        if s3.list_objects_v2(Bucket=bucket["Name"], Prefix=key)["KeyCount"]
    ]
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Bus", {"Ref": "Bus"}),
        ("!Condition Embedded", {"Condition": "Embedded"}),
        ("!Sub a-${Bus}", {"Fn::Sub": "a-${Bus}"}),
        ("!Sub ['${B}', {B: !Ref Bus}]", {"Fn::Sub": ["${B}", {"B": {"Ref": "Bus"}}]}),
        ("!GetAtt Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!GetAtt Nested.Outputs.Arn", {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}),
        ("!GetAtt [Table, Arn]", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!If [A, !Ref B, !Ref C]", {"Fn::If": ["A", {"Ref": "B"}, {"Ref": "C"}]}),
        ("!Equals [!Ref A, b]", {"Fn::Equals": [{"Ref": "A"}, "b"]}),
        ("!Not [!Condition A]", {"Fn::Not": [{"Condition": "A"}]}),
        ("!Join [',', [a, b]]", {"Fn::Join": [",", ["a", "b"]]}),
        ("!ImportValue a", {"Fn::ImportValue": "a"}),
        ("!Transform {Name: A, Parameters: {B: c}}", {"Fn::Transform": {"Name": "A", "Parameters": {"B": "c"}}}),
        ("Ref: Bus", {"Ref": "Bus"}),
    ],
)
def test_short_form_is_written_out(tmp_path, short, long):
    path = write(tmp_path, f"Value:\n  {short}\n")
    assert load_template(path)["Value"] == long


def test_version_without_quotes_is_a_text(tmp_path):
    path = write(tmp_path, "AWSTemplateFormatVersion: 2010-09-09\n")
    assert load_template(path) == {"AWSTemplateFormatVersion": "2010-09-09"}


@pytest.fixture(scope="module")
def account(cafe_account):
    return cafe_account[1]


@pytest.fixture(scope="module")
def uploaded(account, tmp_path_factory):
    """A system with one function that was deployed: its template, the template's text before, the zip in S3."""
    path = write(tmp_path_factory.mktemp("systems") / "greeting_system", GREETING)
    code = path.parent / "functions" / "greet"
    (code / "__pycache__").mkdir(parents=True)
    (code / "__pycache__" / "app.pyc").touch()
    (code / "words").mkdir()
    (code / "words" / "hello.txt").write_text("Good morning")
    (code / "app.py").write_text(GREET)
    deploy(account, path)
    return path, GREETING, zipfile.ZipFile(io.BytesIO(download(account, "functions-greet")))


@pytest.mark.cloud
class TestDeploy:
    def test_function_runs_the_local_code(self, account, uploaded):
        answer = account.client("lambda").invoke(FunctionName="greet")
        assert json.load(answer["Payload"]) == "Good morning"

    def test_zip_holds_the_files_and_no_caches(self, uploaded):
        assert sorted(uploaded[2].namelist()) == ["app.py", "words/hello.txt"]

    def test_source_file_stays_as_it_was(self, uploaded):
        path, before, _ = uploaded
        assert path.read_text() == before

    def test_stack_is_named_after_the_folder(self, account, uploaded):
        stacks = account.client("cloudformation").describe_stacks(StackName="greeting-system")["Stacks"]
        assert stacks[0]["StackStatus"] == "CREATE_COMPLETE"

    def test_resource_that_cannot_be_created_is_told_with_its_reason(self, account, tmp_path):
        with pytest.raises(Trouble) as trouble:
            deploy(account, write(tmp_path / "impossible", UNKNOWN_ROLE))
        assert str(trouble.value) == (
            "template.yaml could not be deployed: Impossible: The role with name nobody cannot be found."
        )

    @pytest.mark.parametrize(
        ("name", "text", "parameters", "reason"),
        [
            ("typo", "Resources:\n  A: {Type: AWS::No::Such}\n", {}, "AWS::No::Such"),
            ("unset", "Parameters:\n  Size: {Type: Number}\n" + QUEUE, {}, "'Size'"),
            ("small", "Parameters:\n  Size: {Type: Number, MinValue: 5}\n" + QUEUE, {"Size": 1}, "not less than 5"),
        ],
        ids=["unknown type", "parameter not given", "parameter too small"],
    )
    def test_refused_template_is_told_with_its_reason(self, account, tmp_path, name, text, parameters, reason):
        with pytest.raises(Trouble, match=f"template.yaml could not be deployed: .*{reason}"):
            deploy(account, write(tmp_path / name, text), parameters)

    def test_second_deployment_is_refused_with_a_sentence(self, account, tmp_path):
        path = write(tmp_path / "twice", QUEUE)
        deploy(account, path)
        with pytest.raises(Trouble, match="already exists"):
            deploy(account, path)

    def test_missing_local_path_is_told_with_a_sentence(self, account, tmp_path):
        path = write(
            tmp_path / "gone",
            "Transform: AWS::Serverless-2016-10-31\n"
            "Resources:\n"
            "  A:\n"
            "    Type: AWS::Serverless::Function\n"
            "    Properties: {CodeUri: nowhere, Handler: app.handler, Runtime: python3.13}\n",
        )
        with pytest.raises(Trouble, match="nowhere"):
            deploy(account, path)


@pytest.mark.cloud
def test_parameters_arrive(serverlesspresso):
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, serverlesspresso / "template.yaml", {"Capacity": 3})
        machine = account.stepfunctions.list_state_machines()["stateMachines"]
        arn = next(m["stateMachineArn"] for m in machine if "Processor" in m["name"])
        definition = json.loads(account.stepfunctions.describe_state_machine(stateMachineArn=arn)["definition"])
    assert definition["States"]["Is capacity available?"]["Choices"][0]["NumericGreaterThan"] == 3


@pytest.mark.cloud
@pytest.mark.parametrize(("region", "account_id"), [("eu-west-1", "000000000000"), ("us-east-1", "000000000042")])
def test_deploys_into_any_region_and_account(cafe_account, tmp_path, region, account_id):
    account = Account(region, cafe_account[0].url, account_id)
    template = write(tmp_path / "elsewhere", QUEUE)
    deploy(account, template)
    assert len(account.sqs.list_queues()["QueueUrls"]) == 1
    assert remove(account, template)
    assert not account.sqs.list_queues().get("QueueUrls")


@pytest.mark.cloud
def test_stack_that_was_removed_can_be_deployed_again(tmp_path):
    with EmbeddedAccount() as embedded:
        account = Account("eu-central-1", embedded.url, "000000000000")
        path = write(tmp_path / "again", GREETING)
        code = path.parent / "functions" / "greet"
        (code / "words").mkdir(parents=True)
        (code / "words" / "hello.txt").write_text("Good morning")
        (code / "app.py").write_text(GREET)
        deploy(account, path)
        assert remove(account, path)
        (code / "words" / "hello.txt").write_text("Good evening")
        deploy(account, path)
        assert json.load(account.client("lambda").invoke(FunctionName="greet")["Payload"]) == "Good evening"
