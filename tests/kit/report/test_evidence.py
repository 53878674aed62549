"""Evidence shows everything but secrets."""

import csv
import io
import json
from dataclasses import dataclass
from types import MappingProxyType

import allure
import pytest

from acceptance.masking import masked
from acceptance.report import attachments

MASK = "•••"
TOKEN = "AQDEAAAAKgAAAAMAAAAA"
DETAIL = {"orderId": "2", "TaskToken": TOKEN}
TEXT = json.dumps(DETAIL)


@dataclass
class Told:
    detail: dict


class TestMasked:
    @pytest.mark.parametrize(
        "name",
        [
            "TaskToken",
            "taskToken",
            "token",
            "id_token",
            "Password",
            "customer_password",
            "Authorization",
            "client_secret",
        ],
    )
    def test_what_sounds_like_a_secret_is_hidden(self, name):
        assert masked({name: TOKEN, "drink": "Latte"}) == {name: MASK, "drink": "Latte"}

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ({"a": {"b": {"TaskToken": TOKEN}}}, {"a": {"b": {"TaskToken": MASK}}}),
            ([{"a": [DETAIL]}], [{"a": [{"orderId": "2", "TaskToken": MASK}]}]),
            ((DETAIL, 1), [{"orderId": "2", "TaskToken": MASK}, 1]),
            (MappingProxyType(DETAIL), {"orderId": "2", "TaskToken": MASK}),
            ({"TaskToken": {"S": TOKEN}}, {"TaskToken": MASK}),
            ({"TaskToken": [TOKEN]}, {"TaskToken": MASK}),
        ],
        ids=["in an object", "in a list", "in a tuple", "in another mapping", "below its name", "as a list"],
    )
    def test_secret_is_hidden_at_any_depth(self, value, expected):
        assert masked(value) == expected

    @pytest.mark.parametrize(
        "value",
        [
            "Latte",
            "",
            7,
            7.5,
            True,
            None,
            [],
            {},
            {"drink": "Latte", "modifiers": ["Oat"]},
            "a {curly} text",
            '{"a": 1}',
        ],
    )
    def test_what_is_no_secret_stays_as_it_is(self, value):
        assert masked(value) == value

    def test_value_itself_is_not_changed(self):
        value = {"told": [dict(DETAIL)]}
        masked(value)
        assert value == {"told": [DETAIL]}

    @pytest.mark.parametrize(
        "text",
        [
            TEXT,
            json.dumps({"detail": TEXT}),
            json.dumps(json.dumps({"detail": TEXT})),
            json.dumps([DETAIL], indent=2),
            f"An error occurred while executing the state 'Resume'. The input was '{TEXT}'.",
            str(DETAIL),
            json.dumps({"TaskToken": {"S": TOKEN}}),
            f"TaskToken={TOKEN}",
            f"Authorization: Bearer {TOKEN}",
        ],
        ids=[
            "a JSON text",
            "a JSON text in a JSON text",
            "a JSON text in a text in a text",
            "an indented JSON text",
            "JSON within a sentence",
            "Python's notation",
            "DynamoDB's notation",
            "an assignment",
            "a header",
        ],
    )
    @pytest.mark.parametrize("wrap", [str, lambda text: [{"cause": text}]], ids=["alone", "inside"])
    def test_secret_within_a_text_is_hidden(self, text, wrap):
        assert TOKEN not in json.dumps(masked(wrap(text)))

    def test_rest_of_a_text_with_a_secret_stays(self):
        told = masked(f"The input was '{json.dumps({'orderId': '2', 'TaskToken': TOKEN, 'drink': 'Latte'})}'.")
        assert "orderId" in told
        assert "Latte" in told


class TestAttach:
    @pytest.fixture
    def attached(self, monkeypatch):
        """What was attached: texts with their names."""
        pages = []
        monkeypatch.setattr(
            allure, "attach", lambda text, name, attachment_type: pages.append((name, text, attachment_type))
        )
        return pages

    def test_is_readable_json_with_its_title(self, attached):
        attachments.attach("Where the orders are", {"2": {"drink": "Café crème"}})
        assert attached == [
            ("Where the orders are", '{\n  "2": {\n    "drink": "Café crème"\n  }\n}', allure.attachment_type.JSON)
        ]

    @pytest.mark.parametrize(
        "value",
        [DETAIL, [DETAIL], Told(DETAIL), {"told": Told(DETAIL)}, {"text": TEXT}],
        ids=["an object", "a list", "another kind of object", "one inside", "a text"],
    )
    def test_never_shows_a_task_token(self, attached, value):
        attachments.attach("Where the orders are", value)
        assert TOKEN not in attached[0][1]

    def test_a_table_is_csv_with_headings_and_masked(self, attached):
        attachments.attach_table("Changed", ("", "before", "after"), [("a, b", "x", f'{{"TaskToken": "{TOKEN}"}}')])
        [(name, text, kind)] = attached
        assert (name, kind) == ("Changed", allure.attachment_type.CSV)
        headings, row = csv.reader(io.StringIO(text))
        assert (headings, row[:2]) == (["", "before", "after"], ["a, b", "x"])
        assert TOKEN not in text
