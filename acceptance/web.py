"""HTTP as an app speaks it: every answer counts, with any status, and Trouble is raised where there is none.

Proxies are the environment's, but for the embedded account, which is behind none. `.netrc` is never looked at: an app
that signs in at Cognito knows nothing of the passwords of the person who runs the suite.
"""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from acceptance.aws.account import Account
from acceptance.aws.secret import HEADER, SECRET
from acceptance.trouble import Trouble
from acceptance.waiting import Pauses

ANSWER_SECONDS = 30
REPEATABLE = ("GET", "HEAD")
# A repeated read changes nothing, and a failed connection has carried nothing. All other requests are sent once.
RETRIES = Retry(
    total=3,
    connect=2,
    read=1,
    other=0,
    allowed_methods=REPEATABLE,
    respect_retry_after_header=False,
)
# API Gateway's names for requests that end at the gateway itself:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
THROTTLED = ("TooManyRequestsException", "LimitExceededException")
UNAVAILABLE = "ServiceUnavailableException"
ERROR_TYPE = "x-amzn-ErrorType"
PROXY_MADE_IT = (requests.codes.bad_gateway, requests.codes.service_unavailable, requests.codes.gateway_timeout)
UNKNOWN = "Whether the request was taken up is not known, so nothing can be said about the system; run again."


class Web:
    """The way to one HTTP API."""

    def __init__(self, account: Account, url: str) -> None:
        """`url` is the API's address; the calls to an embedded account show that they come from the run."""
        self._url = url
        self._http = requests.Session()
        self._http.trust_env = False  # .netrc among it
        self._proxy = ""
        self._http.mount("http://", HTTPAdapter(max_retries=RETRIES))
        self._http.mount("https://", HTTPAdapter(max_retries=RETRIES))
        if account.endpoint:
            self._http.mount(account.endpoint, _FromTheRun(max_retries=RETRIES))
            return
        try:
            found = requests.Session().merge_environment_settings(url, {}, None, None, None)
            self._proxy = requests.utils.select_proxy(url, found["proxies"]) or ""
        except ValueError as error:
            raise Trouble(f'The address "{url}" cannot be used: {error}. Check front_door_url.') from error
        self._http.proxies, self._http.verify = found["proxies"], found["verify"]

    def ask(self, method: str, path: str, **request: Any) -> requests.Response:
        """Send a request and return the answer. Raises Trouble when there is none of the system's.

        A request throttled by the API's gateway has not reached the system, so it is sent again after a pause.
        """
        what = f"{method} {path}"
        for attempt in (pauses := Pauses()):
            answer = self._sent(method, path, what, **request)
            refused = _refused_on_the_way(answer)
            if not refused:
                return answer
            if not _is_throttled(answer) and (method not in REPEATABLE or attempt == pauses.most):
                raise Trouble(f"Expected an answer of {self._host} to {what}, received: {refused}. {UNKNOWN}")
        raise Trouble(
            f"Expected an answer of {self._host} to {what}, but the API's gateway throttles requests ({refused}), "
            f"after {pauses.most} attempts, too. Nothing can be said about the system; run again, or raise the limits."
        )

    def _sent(self, method: str, path: str, what: str, **request: Any) -> requests.Response:
        try:
            answer = self._http.request(method, f"{self._url}{path}", timeout=ANSWER_SECONDS, **request)
        except requests.exceptions.ProxyError as error:
            raise self._proxy_refuses(what, _reason(error)) from error
        except requests.exceptions.SSLError as error:
            raise Trouble(
                f"Expected an encrypted connection to {self._host} for {what}, received: {_reason(error)}. "
                "Check its certificate, and REQUESTS_CA_BUNDLE if it is set."
            ) from error
        except requests.exceptions.ConnectTimeout as error:
            raise Trouble(
                f"Expected an answer of {self._host} to {what}, but nothing listens there: {_reason(error)}. "
                "Check the network and front_door_url."
            ) from error
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise Trouble(
                f"Expected an answer of {self._host} to {what}, received: {_reason(error)}. {UNKNOWN}"
            ) from error
        except (OSError, ValueError) as error:  # requests' own errors are OSErrors
            raise Trouble(
                f"{self._host} cannot be asked for {what}: {_reason(error)}. Check front_door_url, and the proxies and "
                "REQUESTS_CA_BUNDLE of the environment if they are set."
            ) from error
        if self._proxy and _is_of_a_proxy(answer):
            raise self._proxy_refuses(what, f"{answer.status_code} {answer.reason}")
        return answer

    @property
    def _host(self) -> str:
        return urlsplit(self._url).netloc or self._url

    def _proxy_refuses(self, what: str, reason: str) -> Trouble:
        proxy = urlsplit(self._proxy)  # it may contain a password
        return Trouble(
            f"Expected the proxy {proxy.hostname}:{proxy.port} to hand {what} on to {self._host}, received: {reason}. "
            "Check HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY."
        )


class _FromTheRun(HTTPAdapter):
    """Shows the embedded account, but no redirect target, that a request comes from the run."""

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        request.headers[HEADER] = SECRET


def _error_type(answer: requests.Response) -> str:
    return str(answer.headers.get(ERROR_TYPE, "")).partition(":")[0]


def _is_throttled(answer: requests.Response) -> bool:
    """Whether the gateway has throttled a request. The system itself may say 429, too, in its own words."""
    return answer.status_code == requests.codes.too_many_requests and _error_type(answer) in THROTTLED


def _refused_on_the_way(answer: requests.Response) -> str:
    """Return how a request was refused by an intermediary between the app and the system, "" if there was none."""
    by_page = answer.status_code in PROXY_MADE_IT and answer.headers.get("Content-Type", "").startswith("text/html")
    of_gateway = answer.status_code == requests.codes.service_unavailable and _error_type(answer) == UNAVAILABLE
    if _is_throttled(answer) or of_gateway or (by_page and not _has_an_id(answer)):
        return f"{answer.status_code} {answer.reason}"
    return ""


def _has_an_id(answer: requests.Response) -> bool:
    return any("requestid" in name.lower() for name in answer.headers)


def _is_of_a_proxy(answer: requests.Response) -> bool:
    """Whether a proxy has made this answer: API Gateway gives each of its own an id."""
    if answer.status_code == requests.codes.proxy_authentication:
        return True
    return answer.status_code in PROXY_MADE_IT and not _has_an_id(answer)


def _reason(error: BaseException) -> str:
    """Return the innermost reason, in one line: outer ones repeat the address and Python's own words."""
    inner = error.args[0] if error.args else error
    inner = getattr(inner, "reason", None) or inner
    return " ".join(str(inner).split()).rstrip(".")
