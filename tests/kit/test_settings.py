"""Where a setting's value comes from, and the sentence for one that cannot be."""

import logging
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import ClassVar, Literal

import pytest
from pydantic import Field, SecretStr

from acceptance import registry, settings
from acceptance.masking import masked
from acceptance.settings import Settings, SystemSettings, read_settings, variable
from acceptance.settings.__main__ import markdown
from acceptance.trouble import Trouble


class BookingsSettings(SystemSettings, env_prefix="bookings_"):
    """Of a system that is not in this repository."""

    former_environment_prefix: ClassVar[str] = "HOTEL_"
    former_names: ClassVar[Mapping[str, str]] = {"rooms": "rooms_table", "key": "key"}

    rooms_table: str = Field(default="", description="name of the table of the rooms; default: found")
    guests: int = Field(default=2, ge=1, le=9, description="beds in a room")
    season: Literal["summer", "winter"] = Field(default="summer", description="when it is")
    breakfast: bool | None = Field(default=None, description="whether there is breakfast; default: yes, no on aws")
    key: SecretStr = Field(default=SecretStr(""), description="the key of the house")

    @property
    def breakfast_is_served(self) -> bool:
        return self.breakfast if self.breakfast is not None else not self.on_aws


BOOKINGS = {"bookings": BookingsSettings}


def read(given=None, environ=None):
    return read_settings(given or {}, environ or {}, BOOKINGS)


def test_defaults_apply_when_nothing_is_set():
    assert read_settings({}, {}, {}) == Settings()


def test_environment_comes_before_default():
    assert read_settings({}, {"ACCEPTANCE_REGION": "eu-west-1"}).region == "eu-west-1"


def test_command_line_comes_before_environment():
    assert read_settings({"region": "eu-west-1"}, {"ACCEPTANCE_REGION": "eu-west-2"}).region == "eu-west-1"


def test_process_environment_is_read(monkeypatch):
    monkeypatch.setenv("ACCEPTANCE_REGION", "eu-west-1")
    assert read_settings({}).region == "eu-west-1"


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
        ("results", " here ", "here"),
    ],
)
def test_text_becomes_the_settings_type(name, text, value):
    assert getattr(read_settings({name: text}, {}), name) == value


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"regoin": "x"}, "No setting is called -D regoin. Did you mean region?"),
        ({"zzz": "x"}, "No setting is called -D zzz. docs/settings.md lists the settings."),
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
            {"bookings_key": "x"},
            "-D bookings_key would show a secret to anyone who can list processes. "
            "Set the environment variable ACCEPTANCE_BOOKINGS_KEY instead.",
        ),
    ],
)
def test_refusal_is_a_sentence(given, sentence):
    with pytest.raises(Trouble) as trouble:
        read(given)
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
        read_settings({}, {"ACCEPTANCE_TARGET": "azure"})


@pytest.mark.parametrize("words", ["ACCEPTANCE_REGOIN", "Did you mean ACCEPTANCE_REGION?"])
def test_unknown_name_of_the_environment_is_refused_in_its_own_spelling(words):
    with pytest.raises(Trouble) as trouble:
        read_settings({}, {"ACCEPTANCE_REGOIN": "x"})
    assert words in str(trouble.value)


def test_refused_secret_is_not_repeated():
    with pytest.raises(Trouble) as trouble:
        read({"bookings_key": "hunter2"})
    assert "hunter2" not in str(trouble.value)


def test_secret_of_the_environment_is_taken():
    assert read({}, {"ACCEPTANCE_BOOKINGS_KEY": "hunter2"}).of(BookingsSettings).key.get_secret_value() == "hunter2"


@pytest.mark.parametrize("show", [repr, str, "{}".format, lambda one: str(one.model_dump())])
def test_secret_is_not_shown_with_the_settings(show):
    assert "hunter2" not in show(BookingsSettings(key="hunter2"))
    assert "hunter2" not in show(Settings(embedded_secret="hunter2"))


def test_secret_is_not_shown_in_a_log(caplog):
    with caplog.at_level(logging.INFO):
        logging.info("%s %r", BookingsSettings(key="hunter2"), Settings(embedded_secret="hunter2"))
    assert "hunter2" not in caplog.text


def test_secret_is_not_shown_beside_another_value_that_is_refused():
    with pytest.raises(Trouble) as trouble:
        read({"bookings_guests": "hunter2"[:0]}, {"ACCEPTANCE_BOOKINGS_KEY": "hunter2"})
    assert "hunter2" not in f"{trouble.value!r} {trouble.value.__cause__!r}"
    assert trouble.value.__suppress_context__


def test_secret_is_masked_from_then_on():
    read({}, {"ACCEPTANCE_BOOKINGS_KEY": "of-the-house-and-the-cellar"})
    assert "of-the-house" not in masked("the door says of-the-house-and-the-cellar")


def test_settings_of_the_formatter_pass():
    assert read_settings({"AllureFormatter.issue_pattern": "https://example.com/{}"}, {}, {}) == Settings()


def test_foreign_environment_variables_pass():
    assert read_settings({}, {"PATH": "/bin", "AWS_REGION": "eu-west-1"}, {}) == Settings()


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


class TestOfASystem:
    """A system adds its settings by a class."""

    def test_its_fields_are_read_by_its_prefix(self):
        given = {"bookings_rooms_table": "rooms", "bookings_guests": "3", "bookings_season": "winter"}
        own = read(given, {"ACCEPTANCE_BOOKINGS_GUESTS": "4", "ACCEPTANCE_BOOKINGS_BREAKFAST": "no"}).of(
            BookingsSettings
        )
        assert own == BookingsSettings(rooms_table="rooms", guests=3, season="winter", breakfast=False)

    def test_nothing_given_is_the_defaults(self):
        assert read().of(BookingsSettings) == Settings().of(BookingsSettings) == BookingsSettings()

    def test_one_that_is_made_reads_nothing(self, monkeypatch):
        monkeypatch.setenv("ACCEPTANCE_BOOKINGS_GUESTS", "4")
        monkeypatch.setenv("BOOKINGS_GUESTS", "4")
        assert BookingsSettings().guests == 2

    @pytest.mark.parametrize(("target", "served"), [("embedded", True), ("aws", False)])
    def test_unset_value_depends_on_the_target(self, target, served):
        assert read({"target": target}).of(BookingsSettings).breakfast_is_served is served
        assert Settings(target=target).of(BookingsSettings).breakfast_is_served is served
        own = BookingsSettings(guests=1)
        assert Settings(target=target).with_system(own).of(BookingsSettings).breakfast_is_served is served
        assert own.breakfast_is_served, "what was made stays as it is"

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (
                {"bookings_guests": "10"},
                'The setting bookings_guests cannot be "10": it is a number from 1 to 9 (beds in',
            ),
            (
                {"bookings_season": "fall"},
                'The setting bookings_season cannot be "fall": it is one of summer, winter (',
            ),
            (
                {"bookings_breakfast": "late"},
                'The setting bookings_breakfast cannot be "late": it is yes or no (',
            ),
            ({"bookings_guest": "1"}, "No setting is called -D bookings_guest. Did you mean bookings_guests?"),
            ({"rooms_tabel": "x"}, "No setting is called -D rooms_tabel. Did you mean bookings_rooms_table?"),
        ],
    )
    def test_refusal_is_a_sentence(self, given, sentence):
        with pytest.raises(Trouble) as trouble:
            read(given)
        assert str(trouble.value).startswith(sentence)

    def test_a_prefix_is_needed(self):
        with pytest.raises(TypeError, match="needs a prefix"):

            class Bare(SystemSettings):
                """Would be called like the kit's."""

    def test_two_settings_of_one_name_are_refused(self):
        class Guests(SystemSettings, env_prefix="bookings_"):
            guests: int = 1

        with pytest.raises(Trouble, match="Two settings are called bookings_guests: of BookingsSettings, Guests"):
            read_settings({}, {}, {**BOOKINGS, "guests": Guests})

    def test_an_installed_system_adds_its_own(self, tmp_path, monkeypatch):
        package = tmp_path / "hotel_somewhere"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "settings.py").write_text(
            "from acceptance.settings import SystemSettings\n"
            "class HotelSettings(SystemSettings, env_prefix='hotel_'):\n    stars: int = 3\n",
            encoding="utf-8",
        )
        monkeypatch.syspath_prepend(tmp_path)
        point = EntryPoint("hotel", "hotel_somewhere.system:Hotel", registry.ENTRY_POINTS)
        monkeypatch.setattr(settings, "known", lambda: {"hotel": point})
        monkeypatch.setattr(registry, "known", lambda: {"hotel": point})
        try:
            models = settings.models_of_systems.__wrapped__()
            assert read_settings({"hotel_stars": "5"}, {}, models).of(models["hotel"]).stars == 5
        finally:
            for name in ("hotel_somewhere", "hotel_somewhere.settings"):
                sys.modules.pop(name, None)


class TestFormerNames:
    """They still work, and the notice names the new ones."""

    @pytest.mark.parametrize(
        ("given", "environ", "written"),
        [
            ({"rooms": "X"}, {}, "-D bookings_rooms_table for -D rooms"),
            ({}, {"HOTEL_ROOMS": "X"}, "ACCEPTANCE_BOOKINGS_ROOMS_TABLE for HOTEL_ROOMS"),
            (
                {},
                {"HOTEL_BOOKINGS_ROOMS_TABLE": "X"},
                "ACCEPTANCE_BOOKINGS_ROOMS_TABLE for HOTEL_BOOKINGS_ROOMS_TABLE",
            ),
        ],
    )
    def test_former_name_is_read_and_told(self, given, environ, written):
        found = read(given, environ)
        assert found.of(BookingsSettings).rooms_table == "X"
        assert found.notice == f"Some settings have new names: write {written}."

    def test_former_prefix_holds_for_the_kits_own(self):
        found = read({}, {"HOTEL_REGION": "eu-west-1"})
        assert found.region == "eu-west-1"
        assert found.notice == "Some settings have new names: write ACCEPTANCE_REGION for HOTEL_REGION."

    def test_todays_names_are_told_nothing(self):
        assert read({"bookings_rooms_table": "X"}, {"ACCEPTANCE_REGION": "eu-west-1"}).notice == ""

    def test_all_that_are_used_are_told_in_one_sentence_without_values(self):
        notice = read({"rooms": "X-ray"}, {"HOTEL_TARGET": "aws", "HOTEL_KEY": "hunter2"}).notice
        assert notice.count("new names") == 1
        for words in ("for -D rooms", "ACCEPTANCE_TARGET for HOTEL_TARGET", "ACCEPTANCE_BOOKINGS_KEY for HOTEL_KEY"):
            assert words in notice
        assert not [value for value in ("X-ray", "hunter2") if value in notice]

    @pytest.mark.parametrize(
        ("given", "environ", "value"),
        [
            ({"rooms": "old", "bookings_rooms_table": "new"}, {}, "new"),
            ({"bookings_rooms_table": "new", "rooms": "old"}, {}, "new"),
            ({}, {"ACCEPTANCE_BOOKINGS_ROOMS_TABLE": "new", "HOTEL_ROOMS": "old"}, "new"),
            ({}, {"HOTEL_BOOKINGS_ROOMS_TABLE": "old", "ACCEPTANCE_BOOKINGS_ROOMS_TABLE": "new"}, "new"),
            ({"rooms": "line"}, {"ACCEPTANCE_BOOKINGS_ROOMS_TABLE": "environment"}, "line"),
        ],
    )
    def test_todays_name_comes_first_and_the_command_line_before_the_environment(self, given, environ, value):
        assert read(given, environ).of(BookingsSettings).rooms_table == value

    def test_secret_by_its_former_name_is_refused_on_the_command_line(self):
        with pytest.raises(Trouble, match="Set the environment variable ACCEPTANCE_BOOKINGS_KEY instead"):
            read({"key": "hunter2"})

    @pytest.mark.parametrize(
        ("given", "environ", "sentence"),
        [
            ({"roms": "x"}, {}, "No setting is called -D roms. Did you mean bookings_rooms_table?"),
            ({}, {"HOTEL_REGOIN": "x"}, "No setting is called HOTEL_REGOIN. Did you mean ACCEPTANCE_REGION?"),
        ],
    )
    def test_near_miss_is_told_todays_name(self, given, environ, sentence):
        with pytest.raises(Trouble) as trouble:
            read(given, environ)
        assert str(trouble.value) == sentence

    def test_one_setting_is_found_by_its_former_prefix_before_all_are_read(self, monkeypatch):
        monkeypatch.setattr(settings, "models_of_systems", lambda: BOOKINGS)
        monkeypatch.setenv("HOTEL_RESULTS", "old")
        assert settings.given({}, "results") == "old"
        monkeypatch.setenv(variable("results"), "new")
        assert settings.given({}, "results") == "new"
        assert settings.given({"results": "line"}, "results") == "line"


def test_page_has_each_setting_with_its_variable_default_and_bounds():
    page = markdown(BOOKINGS)
    for row in (
        "| `region` | `ACCEPTANCE_REGION` | AWS region | what boto3 finds, us-east-1 when embedded |  |",
        "| `report` | `ACCEPTANCE_REPORT` | render the HTML report at the end of the run | yes | yes or no |",
        "| `bookings_guests` | `ACCEPTANCE_BOOKINGS_GUESTS` | beds in a room | `2` | a number from 1 to 9 |",
        "|  | `ACCEPTANCE_BOOKINGS_KEY` | the key of the house |  |  |",
    ):
        assert row in page.splitlines()
    assert "Variables that begin with `HOTEL_` are read as well." in page
