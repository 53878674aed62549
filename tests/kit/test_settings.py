"""Where a setting's value comes from, and the sentence for one that cannot be."""

import pytest

from acceptance.settings import Settings, read_settings
from acceptance.trouble import Trouble


def test_defaults_apply_when_nothing_is_set():
    assert read_settings({}, {}) == Settings()


def test_environment_comes_before_default():
    assert read_settings({}, {"CAFE_REGION": "eu-west-1"}).region == "eu-west-1"


def test_command_line_comes_before_environment():
    assert read_settings({"region": "eu-west-1"}, {"CAFE_REGION": "eu-west-2"}).region == "eu-west-1"


def test_process_environment_is_read(monkeypatch):
    monkeypatch.setenv("CAFE_SHOP_ID", "ABC")
    assert read_settings({}).shop_id == "ABC"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("embedded_port", "4566", 4566),
        ("embedded_port", "65535", 65535),
        ("patience", "2.5", 2.5),
        ("quiet", "0.05", 0.05),
        ("exclusive", "yes", True),
        ("exclusive", "No", False),
        ("slow", "on", True),
        ("slow", "off", False),
        ("report", "0", False),
        ("trace", "true", True),
        ("target", " aws ", "aws"),
        ("event_bus", " Serverlesspresso ", "Serverlesspresso"),
    ],
)
def test_text_becomes_the_settings_type(name, text, value):
    assert getattr(read_settings({name: text}, {}), name) == value


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"regoin": "x"}, "No setting is called -D regoin. Did you mean region?"),
        ({"zzz": "x"}, "No setting is called -D zzz. The README lists the settings."),
        (
            {"target": "azure"},
            'The setting target cannot be "azure": it is one of embedded, aws '
            "(where the system runs: embedded, or aws).",
        ),
        (
            {"report": "maybe"},
            'The setting report cannot be "maybe": it is yes or no (render the HTML report at the end of the run).',
        ),
        (
            {"embedded_port": "a"},
            'The setting embedded_port cannot be "a": it is a number from 0 to 65535 '
            "(port of the embedded account on 127.0.0.1; 0 takes a free one).",
        ),
        (
            {"customer_password": "x"},
            "-D customer_password would show a secret to everybody who can list processes. "
            "Set the environment variable CAFE_CUSTOMER_PASSWORD instead.",
        ),
    ],
)
def test_refusal_is_a_sentence(given, sentence):
    with pytest.raises(Trouble) as trouble:
        read_settings(given, {})
    assert str(trouble.value) == sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("embedded_port", "-1"),
        ("embedded_port", "65536"),
        ("embedded_port", "1.5"),
        ("patience", "0"),
        ("patience", "3601"),
        ("patience", "nan"),
        ("patience", "inf"),
        ("quiet", "0.04"),
        ("quiet", "601"),
        ("exclusive", ""),
    ],
)
def test_value_out_of_range_is_refused(name, text):
    with pytest.raises(Trouble, match=f'The setting {name} cannot be "{text}"'):
        read_settings({name: text}, {})


def test_value_of_the_environment_is_checked_too():
    with pytest.raises(Trouble, match="The setting target cannot be"):
        read_settings({}, {"CAFE_TARGET": "azure"})


@pytest.mark.parametrize("words", ["CAFE_REGOIN", "Did you mean CAFE_REGION?"])
def test_unknown_name_of_the_environment_is_refused_in_its_own_spelling(words):
    with pytest.raises(Trouble) as trouble:
        read_settings({}, {"CAFE_REGOIN": "x"})
    assert words in str(trouble.value)


def test_refused_secret_is_not_repeated():
    with pytest.raises(Trouble) as trouble:
        read_settings({"customer_password": "hunter2"}, {})
    assert "hunter2" not in str(trouble.value)


def test_secret_of_the_environment_is_taken():
    settings = read_settings({}, {"CAFE_CUSTOMER_PASSWORD": "hunter2"})
    assert settings.customer_password == "hunter2"


def test_secret_is_not_shown_with_the_settings():
    assert "hunter2" not in repr(Settings(customer_password="hunter2"))


def test_settings_of_the_formatter_pass():
    assert read_settings({"AllureFormatter.issue_pattern": "https://example.com/{}"}, {}) == Settings()


def test_foreign_environment_variables_pass():
    assert read_settings({}, {"PATH": "/bin", "AWS_REGION": "eu-west-1"}) == Settings()


@pytest.mark.parametrize(
    ("target", "name", "value"),
    [
        ("embedded", "patience_seconds", 20),
        ("aws", "patience_seconds", 60),
        ("embedded", "quiet_seconds", 0.2),
        ("aws", "quiet_seconds", 3),
        ("embedded", "exclusive_allowed", True),
        ("aws", "exclusive_allowed", False),
        ("embedded", "slow_allowed", True),
        ("aws", "slow_allowed", False),
    ],
)
def test_unset_value_depends_on_the_target(target, name, value):
    assert getattr(read_settings({"target": target}, {}), name) == value


@pytest.mark.parametrize("target", ["embedded", "aws"])
@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"patience": "5"}, "patience_seconds", 5),
        ({"quiet": "1"}, "quiet_seconds", 1),
        ({"exclusive": "yes"}, "exclusive_allowed", True),
        ({"exclusive": "no"}, "exclusive_allowed", False),
        ({"slow": "yes"}, "slow_allowed", True),
        ({"slow": "no"}, "slow_allowed", False),
    ],
)
def test_value_that_is_set_holds_on_every_target(target, given, name, value):
    assert getattr(read_settings({"target": target, **given}, {}), name) == value
