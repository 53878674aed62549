"""An unusable account is reported in one sentence, quickly, and before the run."""

import os
import socket
import threading
import time

import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from acceptance.aws import account
from acceptance.aws.account import Account
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.trouble import Trouble


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine on which nothing is set up for AWS."""
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def silent():
    """A port that takes every connection and never says a word."""
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take():
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return  # the server was closed

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def trouble_of_check(account):
    with pytest.raises(Trouble) as trouble:
        account.check()
    return str(trouble.value)


def test_no_region_is_told_with_a_sentence():
    with pytest.raises(Trouble) as trouble:
        Account()
    assert str(trouble.value) == "No AWS region is set. Set AWS_REGION, or choose one with -D region=…."


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_region_of_the_environment_is_taken(monkeypatch, name):
    monkeypatch.setenv(name, "eu-west-1")
    assert Account().region == "eu-west-1"


def test_region_that_was_chosen_comes_before_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert Account("eu-west-2").region == "eu-west-2"


def test_no_credentials_are_told_with_a_sentence():
    assert trouble_of_check(Account("us-east-1")) == (
        "No AWS credentials were found. Log in (aws sso login), set AWS_PROFILE, or export the access key."
    )


def test_half_of_the_credentials_is_told_as_such(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "half")
    sentence = trouble_of_check(Account("us-east-1"))
    assert "AWS_SECRET_ACCESS_KEY" in sentence
    assert "does not answer" not in sentence


def test_profile_that_does_not_exist_is_told_with_a_sentence(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(Trouble, match="nobody"):
        Account("us-east-1")


def test_closed_port_is_told_with_a_sentence(monkeypatch, keys):
    port = closed_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    assert trouble_of_check(Account("us-east-1")) == (
        f'AWS does not answer: Could not connect to the endpoint URL: "http://127.0.0.1:{port}/". '
        "Check the network, the region (us-east-1) and AWS_ENDPOINT_URL, if it is set."
    )


def test_address_without_scheme_is_told_with_a_sentence(monkeypatch, keys):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:4566")
    assert "AWS_ENDPOINT_URL" in trouble_of_check(Account("us-east-1"))


@pytest.mark.slow
def test_silent_endpoint_is_given_up_soon(monkeypatch, keys, silent):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent}")
    start = time.monotonic()
    assert trouble_of_check(Account("us-east-1")).startswith("AWS does not answer: Read timeout")
    assert time.monotonic() - start < 15


@pytest.mark.slow
class TestSilence:
    """Who says nothing at all is not asked again and again: each time would take as long."""

    @pytest.fixture
    def quickly(self, monkeypatch):
        """Let a call's patience be so short that a test can see its end."""
        soon = Config(read_timeout=0.2)
        monkeypatch.setattr(account, "BOUNDED", account.BOUNDED.merge(soon))
        monkeypatch.setattr(account, "EMBEDDED", account.EMBEDDED.merge(soon))

    def calls(self, asked):
        calls = []
        sqs = asked.client("sqs")
        sqs.meta.events.register("before-send", lambda **_: calls.append(1))
        with pytest.raises(ReadTimeoutError):
            sqs.list_queues()
        return len(calls)

    def test_of_an_embedded_account_is_believed(self, keys, silent, quickly):
        assert self.calls(Account("us-east-1", f"http://127.0.0.1:{silent}", "000000000000")) == 1

    def test_of_aws_is_believed_the_second_time(self, monkeypatch, keys, silent, quickly):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent}")
        assert self.calls(Account("us-east-1")) == 2

    def test_of_an_embedded_account_is_noticed_soon(self, silent):
        start = time.monotonic()
        trouble_of_check(Account("us-east-1", f"http://127.0.0.1:{silent}", "000000000000"))
        assert time.monotonic() - start < 15


@pytest.mark.cloud
class TestEmbedded:
    def test_names_its_account(self, cafe_account):
        assert cafe_account[1].check() == "000000000000"

    def test_account_id_is_chosen(self, cafe_account):
        assert Account("us-east-1", cafe_account[0].url, "000000000042").check() == "000000000042"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("AWS_PROFILE", "nobody"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
            ("AWS_ACCESS_KEY_ID", "999999999999"),
            ("AWS_SESSION_TOKEN", "expired"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("http_proxy", "http://127.0.0.1:9"),
        ],
    )
    def test_is_reached_whatever_the_caller_has_set(self, cafe_account, monkeypatch, name, value):
        monkeypatch.setenv(name, value)
        assert Account("us-east-1", cafe_account[0].url, "000000000000").check() == "000000000000"

    def test_refused_credentials_are_told_with_a_sentence(self, monkeypatch):
        monkeypatch.setenv("AUTH", "true")
        with EmbeddedAccount() as embedded:
            sentence = trouble_of_check(Account("us-east-1", embedded.url, "AKIANOBODY"))
        assert sentence.startswith("AWS refuses the credentials: ")
        assert sentence.endswith("Log in again or choose another profile.")
