"""One AWS account as the suite sees it: boto3 clients with bounded waits, made once each."""

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ReadTimeoutError,
)

from support.cloud.child import surroundings
from support.cloud.trouble import Trouble
from support.masking import remember_secret

# Every call ends: a connection within 5 s, an answer within 30 s, throttling is retried by botocore.
BOUNDED = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "adaptive", "max_attempts": 6},
    max_pool_connections=30,
)
# On the loopback interface silence means trouble, and nobody throttles; a second try is for a connection just closed.
EMBEDDED = BOUNDED.merge(Config(read_timeout=15, retries={"mode": "standard", "total_max_attempts": 2}))
# How often silence is believed to be a packet that was lost. Each time takes as long as an answer may take.
SILENCES, SILENCES_EMBEDDED = 2, 1
# Before the run: somebody waits for the answer, so an endpoint that is not there is not asked again.
IMPATIENT = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})
# The caller's profile and files have nothing to say about an embedded account.
NOTHING_OF_THE_CALLER = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class Account:
    """The clients of one account. `endpoint` is the address of an embedded account, or None for boto3's own."""

    def __init__(self, region: str = "", endpoint: str | None = None, account_id: str | None = None) -> None:
        """Take boto3's own settings, or those of an embedded account's `account_id`."""
        self.endpoint = endpoint
        self.account_id = account_id or ""
        embedded: dict[str, Any] = {}
        if account_id:
            embedded = {
                "aws_access_key_id": account_id,
                "aws_secret_access_key": "embedded",
                "botocore_session": botocore.session.Session(session_vars=NOTHING_OF_THE_CALLER),
            }
        try:
            # botocore itself reads AWS_DEFAULT_REGION only, unlike every other AWS tool.
            self._session = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None, **embedded)
        except BotoCoreError as error:
            raise Trouble(
                f"boto3 does not accept its settings: {error}. Check AWS_PROFILE and ~/.aws/config."
            ) from error
        self._session.events.register("needs-retry", self._believe_silence)
        self._session.events.register("before-sign", self._remember_credentials)
        if not self._session.region_name:
            raise Trouble("No AWS region is set. Set AWS_REGION, or choose one with -D region=….")

    def hear_of_failures(self, listener: Callable[..., object]) -> None:
        """Call `listener(caught_exception=…, …)` after every call, before it is tried again; what it raises ends it."""
        self._session.events.register("needs-retry", listener)

    @property
    def region(self) -> str:
        """The region of every client."""
        return str(self._session.region_name)

    def environment(self) -> Mapping[str, str]:
        """Return the environment in which a program uses this embedded account, and nothing of the caller's."""
        return {
            **surroundings(),
            "AWS_ENDPOINT_URL": self.endpoint or "",
            "AWS_ACCESS_KEY_ID": self.account_id,
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def client(self, service: str, config: Config | None = None) -> Any:
        """Make a new client of a service, e.g. for a thread of its own."""
        config = config or (EMBEDDED if self.endpoint else BOUNDED)
        if self.endpoint:
            config = config.merge(Config(proxies={}))
        return self._session.client(service, endpoint_url=self.endpoint, config=config)

    def _remember_credentials(self, **_: object) -> None:
        """Remember what a call is signed with, to mask it wherever it turns up."""
        credentials = self._session.get_credentials()
        if credentials:
            frozen = credentials.get_frozen_credentials()
            for secret in (frozen.secret_key, frozen.token):
                remember_secret(secret or "")

    def _believe_silence(self, attempts: int = 1, caught_exception: Exception | None = None, **_: object) -> None:
        """End a call that nobody answers, by raising what it would raise in the end."""
        believed = SILENCES_EMBEDDED if self.endpoint else SILENCES
        if isinstance(caught_exception, ReadTimeoutError) and attempts >= believed:
            raise caught_exception

    @cached_property
    def events(self) -> Any:
        """EventBridge."""
        return self.client("events")

    @cached_property
    def stepfunctions(self) -> Any:
        """Step Functions."""
        return self.client("stepfunctions")

    @cached_property
    def dynamodb(self) -> Any:
        """DynamoDB."""
        return self.client("dynamodb")

    @cached_property
    def sqs(self) -> Any:
        """SQS."""
        return self.client("sqs")

    @cached_property
    def streams(self) -> Any:
        """DynamoDB's streams."""
        return self.client("dynamodbstreams")

    @cached_property
    def logs(self) -> Any:
        """CloudWatch Logs."""
        return self.client("logs")

    def check(self) -> str:
        """Ask who we are and return the account id. Raises Trouble when the account cannot be used."""
        try:
            return str(self.client("sts", IMPATIENT).get_caller_identity()["Account"])
        except NoCredentialsError:
            raise Trouble(
                "No AWS credentials were found. Log in (aws sso login), set AWS_PROFILE, or export the access key."
            ) from None
        except NoRegionError:
            raise Trouble("No AWS region is set. Set AWS_REGION, or choose one with -D region=….") from None
        except ClientError as error:
            raise Trouble(f"AWS refuses the credentials: {error}. Log in again or choose another profile.") from error
        except (CredentialRetrievalError, PartialCredentialsError) as error:
            raise Trouble(
                f"The AWS credentials cannot be used: {error} Log in again, or set all of the access key."
            ) from error
        except ValueError as error:
            raise Trouble(f"AWS cannot be asked: {error}. Check AWS_ENDPOINT_URL and the region.") from error
        except BotoCoreError as error:
            raise Trouble(
                f"AWS does not answer: {error}. Check the network, the region ({self.region}) "
                "and AWS_ENDPOINT_URL, if it is set."
            ) from error
