"""A profile is read from YAML, and every mistake in it is reported with its line."""

from typing import ClassVar, Literal

import pytest
from pydantic import Field

from acceptance.profile import Profile, Section
from acceptance.profile.reading import profile_kind_of, read_profile, read_profiles
from acceptance.settings import SystemSettings, read_settings
from acceptance.trouble import Trouble


class Rooms(Section):
    beds: int = Field(default=2, description="beds in a room")
    view: Literal["sea", "hills"] = Field(default="sea", description="what one sees")
    breakfast: bool = True


class HotelProfile(Profile):
    rooms: Rooms = Rooms()


class HotelSettings(SystemSettings, env_prefix="hotel_"):
    former_names: ClassVar = {}

    table: str = Field(default="", description="name of the table; default: found")
    guests: int = Field(default=2, ge=1, le=9, description="guests of a room")


WHOLE = """\
# yaml-language-server: $schema=schema.json
system: hotel
name: Seaside
parts:
  table: 012
  guests: 3
rooms:
  beds: 3
  breakfast: no
not_made:
  - promise: "@spa"
    reason: There is no spa.
deviations:
  - scenario: Booking › A taken room is refused
    message: there are … bookings
    reason: Two people may book at once.
    until: 2026-12-31
    issue: https://tracker.example/7
"""


def kind_of(system):
    if system != "hotel":
        raise Trouble(f"No system is called “{system}”.")
    return HotelProfile


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a profile into the current folder."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="x.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def settings_with(userdata, environ=None):
    return read_settings(userdata, environ or {}, {"hotel": HotelSettings}, kind_of)


def refusal(text, written):
    written(text)
    with pytest.raises(Trouble) as trouble:
        read_profiles("x.yaml", kind_of)
    return str(trouble.value)


class TestAProfile:
    def test_holds_what_is_written(self, written):
        profile = read_profile(written(WHOLE), kind_of)
        assert (profile.system, profile.name, profile.parts) == ("hotel", "Seaside", {"table": "012", "guests": "3"})
        assert profile.rooms == Rooms(beds=3, breakfast=False)
        assert [(one.promise, one.reason) for one in profile.not_made] == [("@spa", "There is no spa.")]
        (deviation,) = profile.deviations
        assert deviation.until.isoformat() == "2026-12-31"

    def test_knows_the_line_of_each_entry(self, written):
        written(WHOLE)
        profile = read_profiles("x.yaml", kind_of)["hotel"]
        assert profile.at("deviations", 0) == "x.yaml:14"
        assert profile.at("deviations", 0, "until") == "x.yaml:17"
        assert profile.at("deviations", 0, "nothing") == "x.yaml:14"
        assert profile.at("rooms", "view") == "x.yaml:7"

    def test_of_nobody_is_the_shipped_systems(self):
        assert HotelProfile.shipped("hotel").at("parts") == ""
        assert settings_with({}).profiles == {}

    def test_takes_a_value_as_it_is_written(self, written):
        profile = read_profile(written("system: hotel\nname: NO\nparts: {table: 1e3}\n"), kind_of)
        assert (profile.name, profile.parts) == ("NO", {"table": "1e3"})

    def test_says_nothing_by_a_section_that_is_left_empty(self, written):
        profile = read_profile(written("system: hotel\ndeviations:\nrooms:\n"), kind_of)
        assert (profile.deviations, profile.rooms) == ((), Rooms())

    @pytest.mark.parametrize(
        "signature",
        [
            "nobody",
            "Nobody",
            "",
            "''",
            "' '",
            "TODO",
            "<todo>",
            "tbd.",
            "null",
            "~",
            "none",
            "'?'",
            "?!",
            "'???'",
            "'\u00a0'",
            "2026",
        ],
    )
    def test_that_is_a_proposal_must_be_signed(self, written, signature):
        profile = read_profile(written(f"signed_by: {signature}\nsystem: hotel\n"), kind_of)
        with pytest.raises(Trouble, match=r"x\.yaml:1: This proposal is not signed\. Review the promises"):
            profile.refuse_unsigned()

    def test_that_is_signed_or_no_proposal_is_taken(self, written):
        for name in ("Ada", "Ned Todo", "Noé", "李", "Null, Ada"):
            read_profile(written(f"signed_by: {name}\nsystem: hotel\n"), kind_of).refuse_unsigned()
        read_profile(written("system: hotel\n"), kind_of).refuse_unsigned()

    def test_may_come_from_an_editor_of_windows(self, written):
        file = written("")
        file.write_bytes("system: hotel\r\nname: Café\r\n".encode("utf-8-sig"))
        assert read_profile(file, kind_of).name == "Café"

    def test_may_repeat_an_entry_by_its_anchor(self, written):
        text = (
            "system: hotel\nnot_made:\n  - {promise: '@a', reason: &why No spa.}\n  - {promise: '@b', reason: *why}\n"
        )
        assert [one.reason for one in read_profile(written(text), kind_of).not_made] == ["No spa.", "No spa."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("system: hotel\nromms: {}\n", "x.yaml:2: “romms” is not a known section of a profile. Did you mean rooms?"),
        ("system: hotel\nrooms:\n  bed: 3\n", "x.yaml:3: “bed” is not a known entry of “rooms”. Did you mean beds?"),
        (
            "system: hotel\nrooms:\n  zzz: 3\n",
            "x.yaml:3: “zzz” is not a known entry of “rooms”. It may have: beds, view, breakfast.",
        ),
        (
            "system: hotel\nrooms:\n  beds: many\n",
            "x.yaml:3: “beds” cannot be “many”: it must be a whole number (beds in a room).",
        ),
        (
            "system: hotel\nrooms:\n  view: lake\n",
            "x.yaml:3: “view” cannot be “lake”: it must be 'sea' or 'hills' (what one sees).",
        ),
        ("system: hotel\nrooms:\n  breakfast: late\n", "x.yaml:3: “breakfast” cannot be “late”: it must be yes or no."),
        (
            "system: hotel\nrooms: three\n",
            "x.yaml:2: “rooms” cannot be “three”: it must be a section with entries.",
        ),
        (
            "system: hotel\nname: [a]\n",
            "x.yaml:2: “name” cannot be a section or a list: it must be a text (name of the deployment in the report).",
        ),
        (
            "system: hotel\nnot_made: '@spa'\n",
            "x.yaml:2: “not_made” cannot be “@spa”: it must be a list (promises that the deployment does not make).",
        ),
        (
            "system: hotel\nnot_made:\n\n  - promise: '@spa'\n",
            "x.yaml:4: “reason” is missing in an entry of “not_made” (a sentence: why it is not promised).",
        ),
        (
            "system: hotel\nnot_made:\n  - promise: '@spa'\n    reason: ''\n",
            "x.yaml:4: “reason” cannot be empty: it must be a text (a sentence: why it is not promised).",
        ),
        (
            WHOLE.replace("2026-12-31", "soon"),
            "x.yaml:17: “until” cannot be “soon”: it must be a date such as 2027-01-31.",
        ),
        (
            WHOLE.replace("2026-12-31", "20261231"),
            "x.yaml:17: “until” cannot be “20261231”: it must be a date such as 2027-01-31.",
        ),
        (WHOLE.replace("2026-12-31", "2026-02-30"), "x.yaml:17: “until” cannot be “2026-02-30”: it must be a date"),
        (
            WHOLE.replace("there are … bookings", "…"),
            "x.yaml:15: “message” cannot be “…”: it matches any failure; it must contain words of this one's message.",
        ),
        (
            WHOLE.replace("https://", ""),
            "x.yaml:18: “issue” cannot be “tracker.example/7”: it must be a full URL, https://….",
        ),
        (
            WHOLE.replace("Two people may book at once.", "' '"),
            "x.yaml:16: “reason” cannot be empty: it must be a text",
        ),
        ("name: x\n", "x.yaml:1: “system” must name the system that the profile is about."),
        ("name: x\nsystem: motel\n", "x.yaml:2: No system is called “motel”."),
        ("", "x.yaml:1: a profile must consist of entries, such as “system: …”."),
        ("- system: hotel\n", "x.yaml:1: a profile must consist of entries, such as “system: …”."),
        ("system: hotel\n\tname: x\n", "x.yaml:2: this is not YAML: there is a tab, but YAML is indented with spaces."),
        ("system: hotel\nname: 'x\n", "x.yaml:3: this is not YAML: found unexpected end of stream."),
        ("system: hotel\nname: a\nsystem: hotel\n", "x.yaml:3: “system” is listed twice: see line 1."),
        ("system: hotel\nrooms: {beds: 1, beds: 2}\n", "x.yaml:2: “beds” is listed twice: see line 2."),
        ("system: hotel\n? [a]\n: b\n", "x.yaml:2: the name of an entry must be a string."),
        ("system: hotel\nrooms: &all\n  view: *all\n", "x.yaml:2: this contains itself."),
        ("system: hotel\n---\nsystem: hotel\n", "x.yaml:2: this is not YAML: but found another document."),
    ],
)
def test_a_mistake_is_reported_with_its_line(text, sentence, written):
    assert refusal(text, written).startswith(sentence)


def test_all_mistakes_are_reported_in_the_order_of_their_lines(written):
    told = refusal("system: hotel\nrooms:\n  beds: x\n  bed: 1\nzzz: 1\nname: {}\n", written)
    assert [line.split(" ")[0] for line in told.splitlines()] == ["x.yaml:3:", "x.yaml:4:", "x.yaml:5:", "x.yaml:6:"]


class TestTheSetting:
    def test_names_a_file_that_is_there(self, written):
        written(WHOLE, "seaside.yaml")
        with pytest.raises(Trouble, match=r"There is no profile seesaid.yaml. Did you mean .*seaside.yaml\?"):
            settings_with({"profile": "seesaid.yaml"})
        with pytest.raises(Trouble, match=r"There is no profile zzz. Correct the setting profile."):
            settings_with({"profile": "zzz"})
        with pytest.raises(Trouble, match=r"The profile \. cannot be read"):
            settings_with({"profile": "."})

    def test_may_be_a_variable(self, written):
        written(WHOLE)
        assert settings_with({}, {"ACCEPTANCE_PROFILE": "x.yaml"}).profiles["hotel"].name == "Seaside"

    def test_may_name_one_profile_of_each_system(self, written):
        written("system: hotel\n", "a.yaml")
        written("system: hotel\n", "b.yaml")
        with pytest.raises(Trouble, match=r"a.yaml and b.yaml are both for hotel\. .* choose one of them"):
            settings_with({"profile": "a.yaml, b.yaml"})

    def test_of_a_system_that_is_not_there_is_told_the_nearest(self):
        with pytest.raises(Trouble, match=r"No system is called “retial”\. Did you mean retail\?"):
            profile_kind_of("retial")


class TestParts:
    """They become the system's settings unless these are set explicitly."""

    def test_are_its_settings(self, written):
        written(WHOLE)
        assert settings_with({"profile": "x.yaml"}).of(HotelSettings) == HotelSettings(table="012", guests=3)

    def test_come_after_the_command_line_and_the_environment(self, written):
        written(WHOLE)
        own = settings_with({"profile": "x.yaml", "hotel_guests": "4"}, {"ACCEPTANCE_HOTEL_TABLE": "mine"})
        assert own.of(HotelSettings) == HotelSettings(table="mine", guests=4)

    @pytest.mark.parametrize(
        ("part", "sentence"),
        [
            ("tabel: x", r"^x.yaml:3: “tabel” is no setting of hotel. Did you mean table\?"),
            ("zzz: x", r"^x.yaml:3: “zzz” is no setting of hotel. docs/settings.md lists the settings."),
            ("guests: 10", r'^x.yaml:3: The setting hotel_guests cannot be "10": it is a number from 1 to 9'),
        ],
    )
    def test_are_refused_with_their_line(self, part, sentence, written):
        written(f"system: hotel\nparts:\n  {part}\n")
        with pytest.raises(Trouble, match=sentence):
            settings_with({"profile": "x.yaml"})

    def test_of_a_deployed_system_need_its_target(self, written):
        written(WHOLE)
        with pytest.raises(Trouble) as trouble:
            settings_with({"profile": "x.yaml"}).refuse_parts_elsewhere()
        assert str(trouble.value) == (
            "x.yaml:5: The profile names parts of a deployed system (table), and this run deploys its own: "
            "add -D target=aws."
        )
        settings_with({"profile": "x.yaml", "target": "aws"}).refuse_parts_elsewhere()
        settings_with({}).refuse_parts_elsewhere()
        written("system: hotel\nparts: {guests: 3}\n")
        settings_with({"profile": "x.yaml"}).refuse_parts_elsewhere()

    def test_that_are_secret_belong_into_the_environment(self, written):
        written("system: serverlesspresso\nparts:\n  customer_password: hunter2\n")
        with pytest.raises(Trouble, match=r"x.yaml:3: “customer_password” is a secret. Set .* ACCEPTANCE_") as trouble:
            read_settings({"profile": "x.yaml"}, {})
        assert "hunter2" not in str(trouble.value)
