"""Why a collector did not accept what it was sent, in a sentence's words: by its answers, or by the SDK's log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import requests

from acceptance.masking import words_of
from acceptance.report.cleaning import clean

_LONGEST = 200
# By fragments of the libraries' messages, in small letters.
_KNOWN: Mapping[str, str] = {
    "refused": "it refused the connection",
    "not known": "its name is not known",
    "failed to resolve": "its name is not known",
    "name resolution": "its name is not known",
    "errors resolving": "its name is not known",
    "reset": "it closed the connection",
    "aborted": "it closed the connection",
    "without response": "it closed the connection",
    "timed out": "it did not answer in time",
    "deadline": "it did not answer in time",
    "certificate": "its certificate cannot be trusted",
}


class Reasons(logging.Handler):
    """Keeps the last reason. It receives the SDK's log, in place of the console, until `end()`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        logger = logging.getLogger("opentelemetry")
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a reason from the log, if no answer has given one."""
        self.last = self.last or _in_words(record.getMessage())

    def end(self) -> None:
        """Stop receiving: later messages of the SDK's threads are irrelevant."""
        self.setLevel(logging.CRITICAL + 1)


class Session(requests.Session):
    """The connection of an exporter to its collector, which reports why something was not accepted."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__()
        self._reasons = reasons

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        """Send a request. Raises requests.HTTPError for a redirection, which the exporter would take for a success."""
        try:
            response = super().request(*arguments, **options)
        except requests.RequestException as error:
            timeout = isinstance(error, requests.Timeout)
            self._reasons.last = _in_words("timed out" if timeout else words_of(error))
            raise
        if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            self._reasons.last = f"it answered {response.status_code} {clean(response.reason or '')}".rstrip()
        if response.is_redirect:
            raise requests.HTTPError(self._reasons.last)
        return response


def _in_words(text: str) -> str:
    known = next((words for fragment, words in _KNOWN.items() if fragment in text.lower()), "")
    return known or " ".join(clean(text).split())[:_LONGEST].rstrip(".")
