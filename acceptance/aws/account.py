"""One AWS account as the suite sees it: boto3 clients with bounded waits, made once each."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from acceptance.aws.secret import HEADER, SECRET
from acceptance.masking import remember_secret
from acceptance.processes.child import system_environment
from acceptance.trouble import Trouble

# Every call ends: a connection within 5 s, an answer within 30 s. Throttled calls are retried after a pause with
# jitter, up to 1, 2, 4, 8 and 16 s. Not "adaptive": that slows down all calls of a client after one was throttled.
BOUNDED = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 6},
    max_pool_connections=30,
)
# On the loopback interface silence means a fault, and nothing throttles; the second try is for a connection just
# closed.
EMBEDDED = BOUNDED.merge(Config(read_timeout=15, retries={"mode": "standard", "total_max_attempts": 2}))
# How often silence is taken for a lost packet. Each time takes as long as an answer may take.
SILENCES, SILENCES_EMBEDDED = 2, 1
# From this HTTP status on, the service reports a fault of its own.
SERVER_ERROR = 500
# A user waits for the caller's identity, so it comes soon or not at all; but a lost answer proves nothing.
IMPATIENT = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})
# How many characters are quoted of an answer that is not AWS's: it may be a page.
QUOTED = 300
# Neither the caller's profile and files nor any of botocore's variables affects an embedded account: each setting of
# botocore's has its own default.
NOTHING_OF_THE_CALLER = {
    **{name: (None, None, *rest) for name, (_, _, *rest) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()},
    **dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None)),
    **dict.fromkeys(("s3", "proxies_config"), (None, None, None, None)),
}


# How services report throttling, beside codes with “Throttl” in them.
TOO_OFTEN = (
    *("TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"),
    *("LimitExceededException", "SlowDown"),
)


def is_of_the_weather(error: ClientError) -> bool:
    """Whether a service has refused a call because it is busy or has a fault of its own, which is no answer."""
    code, status = (
        str(error.response["Error"]["Code"]),
        error.response.get("ResponseMetadata", {}).get("HTTPStatusCode"),
    )
    return "Throttl" in code or code in TOO_OFTEN or (status or 0) >= SERVER_ERROR


class LostAnswer(Trouble):
    """The answer to a call that must not be repeated was lost: whether the call took effect is unknown."""


_of_this_thread = threading.local()


def note_repetition() -> None:
    """Note that this thread has sent a call again."""
    _of_this_thread.repeated = time.monotonic()


def last_repetition() -> float:
    """Return when this thread last sent a call again (monotonic, s), 0 if it never did."""
    return getattr(_of_this_thread, "repeated", 0.0)


# The services of which an account keeps a client.
Service = Literal["events", "stepfunctions", "dynamodb", "sqs", "streams", "logs"]


class Account:
    """The clients of one account. `endpoint` is the address of an embedded account, None for boto3's own."""

    def __init__(
        self, region: str = "", endpoint: str | None = None, account_id: str | None = None, behind: str = ""
    ) -> None:
        """Take boto3's own settings, or those of an embedded account's `account_id`.

        `behind` is the account's own address if a proxy at `endpoint` forwards the calls to it.
        """
        self.endpoint = endpoint
        self.behind = behind or endpoint or ""
        self.account_id = account_id or ""
        embedded: dict[str, Any] = {}
        if account_id:
            embedded = {
                "aws_access_key_id": account_id,
                "aws_secret_access_key": SECRET,
                "botocore_session": botocore.session.Session(session_vars=NOTHING_OF_THE_CALLER),
            }
        try:
            # botocore itself reads AWS_DEFAULT_REGION only, unlike every other AWS tool.
            self._session = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None, **embedded)
        except BotoCoreError as error:
            raise Trouble(
                f"boto3 does not accept its settings: {error}. Check AWS_PROFILE and ~/.aws/config."
            ) from error
        if embedded:
            self._session.events.register("before-sign", _tell_secret)
        self._session.events.register("needs-retry", self._believe_silence)
        self._session.events.register("before-sign", self._remember_credentials)
        self._session.events.register("before-send", _notice_repetition)
        if not self._session.region_name:
            raise Trouble("No AWS region is set. Set AWS_REGION, or choose one with -D region=….")

    def hear_of_failures(self, listener: Callable[..., object]) -> None:
        """Call `listener(caught_exception=…, …)` after every call, before any retry; what it raises ends the call."""
        self._session.events.register("needs-retry", listener)

    @property
    def region(self) -> str:
        """The region of every client."""
        return str(self._session.region_name)

    @property
    def is_at_hand(self) -> bool:
        """Whether this is an embedded account without a proxy: it answers at once, and shows what it has done."""
        return self.endpoint is not None and self.behind == self.endpoint

    def directly(self) -> Account:
        """Return an embedded account as its own parts call it, without a proxy."""
        return self if self.is_at_hand else Account(self.region, self.behind, self.account_id)

    def environment(self) -> Mapping[str, str]:
        """Return the environment in which a program uses this embedded account, and no setting of the caller's."""
        return {
            **system_environment(),
            "AWS_ENDPOINT_URL": self.behind,
            "AWS_ACCESS_KEY_ID": self.account_id,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def client(self, service: str, config: Config | None = None) -> Any:
        """Create a new client of a service, e.g. for a thread of its own."""
        config = config or (EMBEDDED if self.is_at_hand else BOUNDED)
        if self.endpoint:
            config = config.merge(Config(proxies={}))
        try:
            return self._session.client(service, endpoint_url=self.endpoint, config=config)
        except (CredentialRetrievalError, PartialCredentialsError) as error:
            raise _unusable(error) from error
        except (BotoCoreError, ValueError) as error:  # an invalid value in a variable or a file
            raise Trouble(
                f"boto3 does not accept its settings: {str(error).rstrip('.')}. "
                "Check the AWS_… variables (AWS_ENDPOINT_URL is one) and ~/.aws/config."
            ) from error

    def load(self, services: Sequence[Service]) -> None:
        """Create the clients that this account keeps of these services, which takes some 30 ms each."""
        for service in services:
            getattr(self, service)

    def _remember_credentials(self, **_: object) -> None:
        """Remember the credentials that sign a call, to mask them wherever they appear."""
        credentials = self._session.get_credentials()
        if credentials:
            frozen = credentials.get_frozen_credentials()
            for secret in (frozen.secret_key, frozen.token):
                remember_secret(secret or "")

    def _believe_silence(self, attempts: int = 1, caught_exception: Exception | None = None, **_: object) -> None:
        """End an unanswered call early, by raising its final error."""
        believed = SILENCES_EMBEDDED if self.is_at_hand else SILENCES
        if isinstance(caught_exception, ReadTimeoutError) and attempts >= believed:
            raise caught_exception

    @cached_property
    def events(self) -> Any:
        """EventBridge. Each call sends an event once."""
        return once(self.client("events"), "PutEvents")

    @cached_property
    def stepfunctions(self) -> Any:
        """Step Functions. Each call uses a task token once."""
        return once(self.client("stepfunctions"), "SendTaskSuccess")

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

    def check(self, *, in_doubt: bool = False) -> str:
        """Ask for the caller's identity and return the account id. Raises Trouble when the account cannot be used.

        A lost answer is asked for again. If AWS does not answer or cannot be reached while it is `in_doubt` whether it
        is still there, it is asked again too, for at most about 20 s.
        """
        try:
            sts = self.client("sts", IMPATIENT)
            if self.is_at_hand or not in_doubt:
                sts.meta.events.register_first("needs-retry.sts.GetCallerIdentity", _believe_absence)
            return str(sts.get_caller_identity()["Account"])
        except NoCredentialsError:
            raise Trouble(
                "No AWS credentials were found. Log in (aws sso login), set AWS_PROFILE, or export the access key."
            ) from None
        except NoRegionError:
            raise Trouble("No AWS region is set. Set AWS_REGION, or choose one with -D region=….") from None
        except ClientError as error:
            raise _refused(error) from error
        except (CredentialRetrievalError, PartialCredentialsError) as error:
            raise _unusable(error) from error
        except (ValueError, ResponseParserError) as error:  # the latter: a page, from a proxy for example
            said = " ".join(str(error).split())
            raise Trouble(
                f"AWS cannot be asked: {said[:QUOTED]}{'…' if said[QUOTED:] else '.'} "
                "Check AWS_ENDPOINT_URL, the region, and the proxies of the environment if they are set."
            ) from error
        except BotoCoreError as error:
            raise Trouble(
                f"AWS does not answer: {error}. Check the network, the region ({self.region}) "
                "and AWS_ENDPOINT_URL, if it is set."
            ) from error


def _refused(error: ClientError) -> Trouble:
    if is_of_the_weather(error):
        return Trouble(f"AWS cannot be asked who we are, after some attempts: {error}. Run again.")
    return Trouble(f"AWS refuses the credentials: {error}. Log in again or choose another profile.")


def _unusable(error: Exception) -> Trouble:
    said = str(error).rstrip(".")
    return Trouble(f"The AWS credentials cannot be used: {said}. Log in again, or set all of the access key.")


def _tell_secret(request: Any, signature_version: Any, **_: object) -> None:
    """Mark an unsigned call (Cognito's sign-in) as coming from the run."""
    if signature_version is UNSIGNED:
        request.headers[HEADER] = SECRET


def _notice_repetition(request: Any, **_: object) -> None:
    attempt = re.search(rb"attempt=(\d+)", request.headers.get("amz-sdk-request") or b"")
    if attempt and int(attempt[1]) > 1:
        note_repetition()


def _believe_absence(caught_exception: Exception | None = None, **_: object) -> None:
    if isinstance(caught_exception, (NoConnection, ReadTimeoutError)):
        raise caught_exception


def once(client: Any, *operations: str) -> Any:
    """Make a client's calls of these operations take effect once at most, and return the client.

    A call that has not reached AWS is retried. One that may have taken effect raises LostAnswer instead.
    """
    for operation in operations:
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{service}.{operation}", _see_whether_it_took_effect)
    return client


def _see_whether_it_took_effect(
    operation: Any, response: Any = None, caught_exception: Exception | None = None, **_: object
) -> None:
    """Raise LostAnswer for a call that was sent but not answered, or answered by an error of the service itself."""
    if isinstance(caught_exception, NoConnection):
        return  # nothing was sent
    why = str(caught_exception) if caught_exception else ""
    if response and response[0].status_code >= SERVER_ERROR:
        code = response[1].get("Error", {}).get("Code", "")
        why = "" if "Throttl" in code else f"HTTP status {response[0].status_code} {code}".strip()
    if why:
        raise LostAnswer(
            f"The answer to {operation.name} was lost ({why.rstrip('.')}), so it is not known whether it took effect. "
            "It is not repeated, since it could take effect twice. Check the network; run again."
        ) from caught_exception
