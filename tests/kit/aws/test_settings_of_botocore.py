"""Settings of botocore's in the caller's shell: nothing to an embedded account, and a sentence on aws if one is bad."""

import os

import boto3
import pytest

from acceptance.aws.account import Account
from acceptance.trouble import Trouble
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import DurableParts

pytestmark = pytest.mark.trust("surroundings")

# Every value makes botocore refuse, go elsewhere, or wait, where it is read.
SHELL = {
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "abc",
    "AWS_DISABLE_REQUEST_COMPRESSION": "abc",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "abc",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_DEFAULTS_MODE": "abc",
    "AWS_RETRY_MODE": "abc",
    "AWS_MAX_ATTEMPTS": "abc",
    "AWS_STS_REGIONAL_ENDPOINTS": "abc",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "abc",
    "AWS_ENDPOINT_DISCOVERY_ENABLED": "abc",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "abc",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "abc",
    "AWS_AUTH_SCHEME_PREFERENCE": "abc",
    "AWS_SIGV4A_SIGNING_REGION_SET": "abc",
    "AWS_SDK_UA_APP_ID": "an app id that is longer than fifty characters, which botocore warns of",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "REQUESTS_CA_BUNDLE": "/nowhere.pem",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_CONFIG_FILE": "/nowhere",
    "AWS_PROFILE": "nobody",
    "AWS_DEFAULT_PROFILE": "nobody",
    "AWS_CSM_ENABLED": "true",
    "AWS_CSM_PORT": "abc",
    "AWS_METADATA_SERVICE_TIMEOUT": "abc",
    "AWS_IMDS_USE_IPV6": "abc",
    "AWS_S3_USE_ARN_REGION": "abc",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "abc",
    "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS": "abc",
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": "abc",
    "AWS_DISABLE_HOST_PREFIX_INJECTION": "abc",
    "BOTOCORE_TCP_KEEPALIVE": "abc",
    "AWS_EXECUTION_ENV": "somewhere",
    "AWS_LAMBDA_FUNCTION_NAME": "somewhere",
    "_X_AMZN_TRACE_ID": "Root=1-2-3\n",
    "AWS_SESSION_TOKEN": "expired",
    "AWS_ROLE_ARN": "arn:aws:iam::000000000000:role/nobody",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
}
SERVICES = ("sts", "dynamodb", "sqs", "events", "lambda", "s3", "cloudformation", "apigateway", "cognito-idp", "logs")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine on which nothing is set up for AWS."""
    for name in os.environ:
        if name.startswith(("AWS_", "BOTO")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.cloud
@pytest.mark.parametrize("name", SHELL)
def test_an_embedded_account_is_reached_whatever_is_set(cafe_account, monkeypatch, name):
    monkeypatch.setenv(name, SHELL[name])
    account = Account("us-east-1", cafe_account[0].url, "000000000000")
    assert account.check() == "000000000000"
    for service in SERVICES:
        account.client(service)


@pytest.mark.cloud
def test_an_embedded_account_is_reached_whatever_the_caller_s_files_say(cafe_account, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nmax_attempts = abc\ns3 =\n  addressing_style = virtual\n")
    (tmp_path / ".aws" / "credentials").write_text("[default\n")
    account = Account("us-east-1", cafe_account[0].url, "000000000000")
    assert account.check() == "000000000000"
    bucket = "of-the-caller-s-files"
    account.client("s3").create_bucket(Bucket=bucket)
    account.client("s3").put_object(Bucket=bucket, Key="menu", Body=b"Espresso")
    assert account.client("s3").get_object(Bucket=bucket, Key="menu")["Body"].read() == b"Espresso"


@pytest.mark.parametrize(
    "name",
    [
        "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
        "AWS_DEFAULTS_MODE",
        "AWS_STS_REGIONAL_ENDPOINTS",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE",
        "AWS_REQUEST_CHECKSUM_CALCULATION",
    ],
)
def test_a_bad_value_is_told_with_a_sentence_on_aws(monkeypatch, name):
    monkeypatch.setenv(name, SHELL[name])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-a-person")
    with pytest.raises(Trouble) as trouble:
        Account("us-east-1").check()
    said = str(trouble.value)
    assert said.startswith("boto3 does not accept its settings: ")
    assert "abc" in said
    assert said.endswith(". Check the AWS_… variables (AWS_ENDPOINT_URL is one) and ~/.aws/config.")


@pytest.mark.cloud
@pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES"])
def test_the_sdk_s_own_runner_does_not_read_them_either(cafe_account, monkeypatch, name):
    monkeypatch.setenv(name, SHELL[name])
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    account = Account("us-east-1", cafe_account[0].url, "000000000000")
    DurableOrders(account, DurableParts("process", "dev", "1", "orders", "", (), 10), "run")
