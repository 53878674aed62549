"""How each service refuses: its own code, HTTP status and protocol, as its API reference says.

Where a service has errors of its own, these are theirs; the others are the common errors that each reference lists.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from acceptance.weather.calls import HTTP_API, QUERY, REST, Answer, Call


@dataclass(frozen=True)
class Words:
    """An error: its code, HTTP status and message; `namespace` goes before the code in JSON, `more` into the body."""

    code: str
    status: int
    message: str
    namespace: str = ""
    more: tuple[tuple[str, str], ...] = ()


_DYNAMODB = "com.amazonaws.dynamodb.v20120810"
# https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html, and the same of other services
_THROTTLING = Words("ThrottlingException", 400, "Rate exceeded")
THROTTLED: Mapping[str, Words] = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    "dynamodb": Words(
        "ProvisionedThroughputExceededException",
        400,
        "The level of configured provisioned throughput for the table was exceeded. "
        "Consider increasing your provisioning level with the UpdateTable API.",
        _DYNAMODB,
    ),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
    "sqs": Words("RequestThrottled", 400, "The request was denied due to request throttling.", "com.amazonaws.sqs"),
    # https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    "lambda": Words("TooManyRequestsException", 429, "Rate Exceeded.", more=(("Reason", "CallerRateLimitExceeded"),)),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
    "cloudformation": Words("Throttling", 400, "Rate exceeded"),
    "iam": Words("Throttling", 400, "Rate exceeded"),
    "sts": Words("Throttling", 400, "Rate exceeded"),
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
    "cognito-idp": Words("TooManyRequestsException", 400, "Rate exceeded"),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html and its API reference
    "apigateway": Words("TooManyRequestsException", 429, "Too Many Requests"),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
    "execute-api": Words("TooManyRequestsException", 429, "Too Many Requests"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    "s3": Words("SlowDown", 503, "Please reduce your request rate."),
}
_UNAVAILABLE = Words("ServiceUnavailable", 503, "Service is unable to handle request.")
UNAVAILABLE: Mapping[str, Words] = {
    "dynamodb": Words("InternalServerError", 500, "The request could not be processed.", _DYNAMODB),
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    "events": Words("InternalException", 500, "This exception occurs due to unexpected causes."),
    "lambda": Words("ServiceException", 500, "Service error.", more=(("Type", "Service"),)),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    "logs": Words("ServiceUnavailableException", 500, "The service cannot complete the request."),
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
    "iam": Words("ServiceFailure", 500, "The request processing has failed because of an unknown error."),
    "cloudformation": Words("InternalFailure", 500, "An internal error has occurred."),
    "cognito-idp": Words("InternalErrorException", 500, "Internal server error"),
    "apigateway": Words("ServiceUnavailableException", 503, "Service Unavailable"),
    "execute-api": Words("ServiceUnavailableException", 503, "Service Unavailable"),
}
# For an access key that is not known everywhere yet.
UNKNOWN_KEY = Words("UnrecognizedClientException", 400, "The security token included in the request is invalid.")
UNKNOWN_KEY_IN_QUERY = Words("InvalidClientTokenId", 403, UNKNOWN_KEY.message)


def throttled(call: Call) -> Answer:
    """Refuse a call as its service does when it is asked too often."""
    return refusal(call, THROTTLED.get(call.service, _THROTTLING))


def unavailable(call: Call) -> Answer:
    """Refuse a call as its service does when something has gone wrong on its own side."""
    return refusal(call, UNAVAILABLE.get(call.service, _UNAVAILABLE))


def is_away(call: Call, _answer: Answer) -> Answer:
    """Alter every answer into an error that AWS asks callers to repeat (`Station.alter`)."""
    return unavailable(call)


def gateway_timeout() -> Answer:
    """Answer as an intermediary does that has timed out: with a page."""
    return Answer(504, [("Content-Type", "text/html")], b"<html><h1>504 Gateway Time-out</h1></html>")


def denied(call: Call, who: str) -> Answer:
    """Refuse a call whose permission is not in force yet."""
    message = f"{who} is not authorized to perform: {call.service}:{call.operation}"
    code = "AccessDenied" if call.protocol == QUERY else "AccessDeniedException"
    return refusal(call, Words(code, 403 if call.protocol in (QUERY, REST) else 400, message))


def refusal(call: Call, words: Words) -> Answer:
    """Say words in the protocol of a call."""
    request = str(uuid.uuid4())
    ids = [("x-amzn-RequestId", request)]
    if call.protocol == QUERY or call.service == "s3":
        said = (
            f"<ErrorResponse><Error><Type>{'Sender' if words.status < 500 else 'Receiver'}</Type>"
            f"<Code>{words.code}</Code><Message>{escape(words.message)}</Message></Error>"
            f"<RequestId>{request}</RequestId></ErrorResponse>"
        )
        return Answer(words.status, [("Content-Type", "text/xml"), *ids], said.encode())
    if call.protocol in (REST, HTTP_API):
        body = {**dict(words.more), "message": words.message}
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", words.code), *ids]
        return Answer(words.status, headers, json.dumps(body).encode())
    code = f"{words.namespace}#{words.code}" if words.namespace else words.code
    headers = [("Content-Type", call.headers.get("Content-Type", "application/x-amz-json-1.0")), *ids]
    if call.service == "sqs":  # https://docs.aws.amazon.com/AWSSimpleQueueService: errors keep their codes of the query
        headers.append(("x-amzn-query-error", f"{words.code};{'Sender' if words.status < 500 else 'Receiver'}"))
    return Answer(words.status, headers, json.dumps({"__type": code, "message": words.message}).encode())
