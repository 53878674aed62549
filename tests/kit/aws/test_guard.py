"""Only the run itself can use its embedded account: other users of the machine and pages in browsers cannot."""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from places import ROOT

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import HEADER, SECRET
from acceptance.settings import read_settings
from acceptance.trouble import Trouble

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(os.name != "posix", reason="users of a machine as POSIX knows them"),
]
NOBODY = 65534
REFUSED = 403


@pytest.fixture(scope="module", params=["another user", "the same user"])
def stranger(request, cafe_account):
    """The responses to a caller without the run's secret."""
    user = NOBODY if request.param == "another user" else os.getuid()
    if os.getuid() not in (0, user):
        pytest.skip("only root can become another user")
    tried = subprocess.run(
        [sys.executable, Path(__file__).with_name("stranger.py"), str(cafe_account[0].port), str(user)],
        capture_output=True,
        check=True,
        env={},
        timeout=120,
    )
    answers = json.loads(tried.stdout)
    assert answers.pop("uid") == user
    return answers


def test_a_stranger_gets_nothing(stranger):
    assert {name: answer[0] for name, answer in stranger.items()} == dict.fromkeys(stranger, REFUSED)


def test_no_page_of_a_browser_may_read_an_answer(stranger):
    assert [name for name, (_, _, headers) in stranger.items() if "access-control-allow-origin" in headers] == []


ACCOUNT_ID = "000000000000"
LIST_TABLES = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
CALLS = {
    "sts": "get_caller_identity",
    "dynamodb": "list_tables",
    "s3": "list_buckets",
    "lambda": "list_functions",
    "sqs": "list_queues",
    "cloudformation": "list_stacks",
    "apigateway": "get_rest_apis",
}
NO_SIGNATURES = [
    *("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=", "AWS4-ECDSA-P256-SHA256 x=y"),
    *("AWS 000000000000:y", "AWS", "Bearer x", "Basic eDp5", "é"),
]
FOREIGN_HOSTS = [
    *("", "evil.example", "evil.example:{port}", "127.0.0.1:{port}.evil.example", "menu.localhost:{port}"),
    *("127.0.0.1", "localhost:1", "[::1]:{port}"),
]
# A system with an API that says itself which pages may read it, and shows what it was sent.
SYSTEM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Menu:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code
      Handler: app.handler
      Runtime: python3.13
      Events: {Api: {Type: Api, Properties: {Path: /menu, Method: get}}}
"""
CODE = """
import json

def handler(event, context):
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://shop.example"},
            "body": json.dumps(event["headers"])}
"""


def client(embedded, service, key=ACCOUNT_ID, secret=SECRET, token=None, **more):
    return boto3.client(
        service,
        "us-east-1",
        endpoint_url=embedded.url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        **more,
    )


def ask(embedded, method="POST", path="/", body="{}", headers=LIST_TABLES):
    """Send a request as it is, and return the status and the answer's headers."""
    connection = http.client.HTTPConnection("127.0.0.1", embedded.port, timeout=20)
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower() for name, _ in answer.getheaders()}


def signed(embedded, secret=SECRET, body="{}", url="", headers=LIST_TABLES):
    request = AWSRequest("POST", url or f"{embedded.url}/", dict(headers), body)
    SigV4Auth(Credentials(ACCOUNT_ID, secret), "dynamodb", "us-east-1").add_auth(request)
    return dict(request.headers)


@pytest.fixture(scope="module")
def embedded(cafe_account):
    return cafe_account[0]


class TestSigned:
    def test_call_is_answered(self, embedded):
        assert ask(embedded, headers=signed(embedded))[0] == 200

    @pytest.mark.parametrize("service", CALLS)
    def test_call_with_another_secret_is_refused_in_words(self, embedded, service):
        with pytest.raises(ClientError, match="The signature is not one by the secret of this run") as refusal:
            getattr(client(embedded, service, secret="guessed"), CALLS[service])()
        assert refusal.value.response["Error"]["Code"].startswith("AccessDenied")

    @pytest.mark.parametrize("key", ["", "test", "AKIANOBODY", "999999999999", "root"])
    def test_no_key_opens_it_without_its_secret(self, embedded, key):
        forged = signed(embedded, "test")
        forged["Authorization"] = forged["Authorization"].replace(ACCOUNT_ID, key)
        assert ask(embedded, headers=forged)[0] == REFUSED

    def test_call_with_another_body_is_refused(self, embedded):
        assert ask(embedded, body='{"Limit": 1}', headers=signed(embedded))[0] == REFUSED

    def test_call_with_a_body_that_is_not_the_one_it_promises_is_refused(self, embedded):
        promise = {
            **LIST_TABLES,
            "X-Amz-Content-SHA256": hashlib.sha256(b"{}").hexdigest(),
        }
        assert ask(embedded, headers=signed(embedded, headers=promise))[0] == 200
        assert ask(embedded, body='{"Limit": 1}', headers=signed(embedded, headers=promise))[0] == REFUSED

    @pytest.mark.parametrize("path", ["/elsewhere", "/?Action=Other", "/%2e%2e/"])
    def test_call_to_another_address_is_refused(self, embedded, path):
        assert ask(embedded, path=path, headers=signed(embedded))[0] == REFUSED

    @pytest.mark.parametrize("authorization", NO_SIGNATURES)
    def test_what_is_no_signature_is_refused(self, embedded, authorization):
        headers = {**LIST_TABLES, "Authorization": authorization.encode("latin-1")}
        assert ask(embedded, headers=headers)[0] == REFUSED

    @pytest.mark.parametrize("query", ["%ff&X-Amz-Signature=%ff", "AWSAccessKeyId=test&Signature=x", "Signature="])
    def test_what_is_no_signed_address_is_refused(self, embedded, query):
        assert ask(embedded, "GET", f"/?{query}", None, {})[0] == REFUSED

    def test_key_that_iam_or_sts_has_given_out_opens_it_and_a_key_that_is_gone_does_not(self, embedded):
        iam = client(embedded, "iam")
        iam.create_user(UserName="ada")
        key = iam.create_access_key(UserName="ada")["AccessKey"]
        ada = client(embedded, "sts", key["AccessKeyId"], key["SecretAccessKey"])
        assert ada.get_caller_identity()["Arn"].endswith(":user/ada")
        trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}'
        role = iam.create_role(RoleName="barista", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        given = client(embedded, "sts").assume_role(RoleArn=role, RoleSessionName="ben")["Credentials"]
        ben = client(embedded, "sts", given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        assert ben.get_caller_identity()["Arn"].endswith("/barista/ben")
        iam.delete_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"])
        with pytest.raises(ClientError, match="is not known here"):
            ada.get_caller_identity()

    @pytest.mark.parametrize("version", ["s3", "s3v4"])
    def test_address_of_s3_can_be_handed_on_and_not_be_changed(self, embedded, version):
        s3 = client(embedded, "s3", config=Config(signature_version=version))
        bucket = f"handed-on-{version}"
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="a menu+~ä", Body=b"Espresso", Metadata={"for": "a  b"})
        url = urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a menu+~ä"}))
        assert ask(embedded, "GET", f"{url.path}?{url.query}", None, {})[0] == 200
        assert ask(embedded, "GET", f"{url.path}2?{url.query}", None, {})[0] == REFUSED
        assert ask(embedded, "PUT", f"{url.path}?{url.query}", "Tea", {})[0] == REFUSED

    @pytest.mark.parametrize("checksums", ["when_supported", "when_required"])
    @pytest.mark.parametrize("signing", [True, False])
    def test_uploads_arrive_however_they_are_signed(self, embedded, checksums, signing):
        config = Config(request_checksum_calculation=checksums, s3={"payload_signing_enabled": signing})
        s3 = client(embedded, "s3", config=config)
        bucket = f"uploads-{checksums.replace('_', '-')}-{signing}".lower()
        s3.create_bucket(Bucket=bucket)
        content = bytes(range(256)) * 40_000
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            s3.upload_fileobj(file, bucket, "big")
        assert s3.get_object(Bucket=bucket, Key="big")["Body"].read() == content


class TestBrowser:
    """A page that has obtained the secret is still a foreign page."""

    def test_header_of_the_run_opens_it(self, embedded):
        assert ask(embedded, "GET", "/_ministack/health", None, {HEADER: SECRET})[0] == 200

    @pytest.mark.parametrize(
        "guess",
        ["", "x", SECRET[:-1], SECRET.upper(), f"{SECRET} "[1:]],
        ids=["nothing", "a letter", "all but the last", "upper case", "all but the first"],
    )
    def test_header_that_is_nearly_right_does_not(self, embedded, guess):
        assert ask(embedded, "GET", "/_ministack/health", None, {HEADER: guess})[0] == REFUSED

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", ""])
    def test_foreign_origin_is_refused(self, embedded, origin):
        assert ask(embedded, headers={**signed(embedded), "Origin": origin})[0] == REFUSED
        assert ask(embedded, headers={**LIST_TABLES, HEADER: SECRET, "Origin": origin})[0] == REFUSED

    def test_own_origin_is_not(self, embedded):
        assert ask(embedded, headers={**signed(embedded), "Origin": embedded.url})[0] == 200

    @pytest.mark.parametrize("host", FOREIGN_HOSTS)
    def test_foreign_host_is_refused(self, embedded, host):
        headers = {HEADER: SECRET, "Host": host.format(port=embedded.port)}
        assert ask(embedded, "GET", "/_ministack/health", None, headers)[0] in (REFUSED, 400)

    @pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}"])
    def test_own_host_is_not(self, embedded, host):
        headers = {HEADER: SECRET, "Host": host.format(port=embedded.port)}
        assert ask(embedded, "GET", "/_ministack/health", None, headers)[0] == 200

    def test_no_answer_of_the_emulator_is_for_pages(self, embedded):
        headers = ask(embedded, headers=signed(embedded))[1]
        assert not [name for name in headers if name.startswith("access-control-")]
        preflight = {HEADER: SECRET, "Access-Control-Request-Method": "POST"}
        assert not [n for n in ask(embedded, "OPTIONS", "/", None, preflight)[1] if n.startswith("access-control-")]

    def test_socket_of_the_web_is_refused(self, embedded):
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        assert ask(embedded, "GET", "/_aws/execute-api/any/prod", None, headers)[0] == REFUSED


@pytest.mark.parametrize("kind", ["response", "signal"])
def test_nobody_answers_cloudformation_who_was_not_asked(embedded, kind):
    answer = json.dumps({"Status": "SUCCESS", "PhysicalResourceId": "x"})
    for token in ("", "x", "00000000-0000-4000-8000-000000000000", "x/../y"):
        assert ask(embedded, "PUT", f"/_ministack/cfn-{kind}/{token}", answer, {})[0] == REFUSED


def test_the_system_s_own_api_says_itself_who_may_read_it_and_does_not_get_the_secret(tmp_path):
    template = tmp_path / "menu" / "template.yaml"
    (template.parent / "code").mkdir(parents=True)
    template.write_text(SYSTEM)
    (template.parent / "code" / "app.py").write_text(CODE)
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, ACCOUNT_ID)
        deploy(account, template)
        (api,) = account.client("apigateway").get_rest_apis()["items"]
        connection = http.client.HTTPConnection("127.0.0.1", embedded.port, timeout=60)
        path = f"/restapis/{api['id']}/Prod/_user_request_/menu"
        connection.request("GET", path, headers={HEADER: SECRET, "X-Table": "5"})
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
        assert (answer.status, answer.getheader("Access-Control-Allow-Origin")) == (200, "https://shop.example")
        assert json.loads(said)["X-Table" if "X-Table" in said else "x-table"] == "5"
        assert SECRET not in said
        assert HEADER.lower() not in said.lower()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which only Linux has")
def test_the_secret_is_where_no_other_user_can_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with EmbeddedAccount(log=tmp_path / "account.log") as embedded:
        account = Account("us-east-1", embedded.url, ACCOUNT_ID)
        account.check()
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not [line for line in lines if SECRET.encode() in line]
        assert not [path for path in files if SECRET.encode() in path.read_bytes()]
        assert folder.stat().st_mode & 0o077 == 0
        assert (tmp_path / "account.log").stat().st_mode & 0o077 == 0
        assert Path(f"/proc/{embedded._process.pid}/environ").stat().st_mode & 0o077 == 0
        assert SECRET not in repr(account)
        assert SECRET not in embedded.url


def test_tools_of_one_s_own_are_let_in_by_a_secret_that_one_sets():
    code = "from acceptance.aws.secret import SECRET; print(SECRET)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "ACCEPTANCE_EMBEDDED_SECRET": "of-a-person"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert told.stdout == "of-a-person\n"
    assert (
        read_settings({}, {"ACCEPTANCE_EMBEDDED_SECRET": "of-a-person"}).embedded_secret.get_secret_value()
        == "of-a-person"
    )
    with pytest.raises(Trouble, match="would show a secret"):
        read_settings({"embedded_secret": "of-a-person"}, {})
