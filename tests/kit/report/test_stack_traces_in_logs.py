"""A stack trace quotes code, in which a secret's name is a variable's; what reveals a secret is found all the same."""

import json

import pytest

from acceptance.masking import remember_secret, revealing
from acceptance.masking.secret_values import KNOWN

TOKEN = "AQDEAAAAKgAAAAMAAAAAd5xYt0ken"
CODE = 'own_token = _store(order_id, detail["userId"], token)'
HARMLESS = [
    CODE,
    "token = next(tokens)",
    "password = event['password']",
    'secret: str = os.environ["SECRET"]',
    'headers = {"Authorization": f"Bearer {token}"}',
    'UpdateExpression="SET TaskToken = :token",',
    'Key={"PK": {"S": "orders"}}, ProjectionExpression="TaskToken"',
    'if token == "CREATED": raise Refused(f"token={token}")',
    "token => store(`token ${token}`)",
    'TOKEN_FIELD = token = "TaskToken"',
]
REVEALING = [
    'own_token = "a-b-c"',
    'login(user, password="hunter2")',
    '{"TaskToken": "something of a token"}',
    f"resume({TOKEN!r})",
    'get("https://ada:hunter2@shop.example/")',
    "connect(remembered-1234)",
]


def python_trace(code, message="KeyError: 'userId'"):
    return [
        "[ERROR] KeyError: 'userId'",
        "Traceback (most recent call last):",
        '  File "/var/task/app.py", line 31, in handler',
        f"    {code}",
        "    ~~~~~~^^^^^^^^^^",
        message,
    ]


def v8_trace(code, message="TypeError: no"):
    return ["/var/task/index.mjs:12", f"  {code}", "          ^", "", message, "    at file:///var/task/index.mjs:12:9"]


@pytest.fixture(autouse=True)
def _remembered():
    remember_secret("remembered-1234")
    yield
    KNOWN.forget()


def as_one_text(lines):
    return ["\n".join(lines)]


def with_hard_blanks(lines):
    """Join as Lambda does, which keeps the lines' beginnings by hard blanks."""
    return ["\n".join(line.replace("  ", "\xa0\xa0") for line in lines)]


def within_json(lines):
    return [json.dumps({"level": "ERROR", "exception": "\n".join(lines)})]


def within_a_list(lines):
    return [json.dumps({"errorType": "KeyError", "stackTrace": [f"{line}\n" for line in lines]})]


forms = pytest.mark.parametrize("form", [list, as_one_text, with_hard_blanks, within_json, within_a_list])
traces = pytest.mark.parametrize("trace", [python_trace, v8_trace])


@forms
@traces
@pytest.mark.parametrize("code", HARMLESS)
def test_a_name_in_code_reveals_nothing(trace, form, code):
    assert list(revealing(form(trace(code)))) == []


@forms
@traces
@pytest.mark.parametrize("code", REVEALING)
def test_a_value_in_code_is_found(trace, form, code):
    assert len(list(revealing(form(trace(code))))) == 1


@forms
@traces
@pytest.mark.parametrize("message", [f"Refused: {CODE}", "ValueError: token = a-b-c", f"KeyError: '{TOKEN}'"])
def test_what_a_trace_says_besides_code_is_no_code(trace, form, message):
    assert len(list(revealing(form(trace(CODE, message))))) == 1


@pytest.mark.parametrize(
    "lines",
    [
        [CODE],
        [f"    {CODE}"],
        ['  File "<string>", line 1', "    token = a-b-c"],
        ['  in "settings.yaml", line 3, column 10:', "        password: hunter2", "                 ^"],
        ["settings.yaml:3", "  password: hunter2", "  ^"],
        ["/var/task/index.mjs:12", "  token = a-b-c"],
        [*python_trace(CODE), "    token = a-b-c"],
    ],
)
def test_what_no_trace_quotes_is_no_code(lines):
    assert len(list(revealing(lines))) == 1
