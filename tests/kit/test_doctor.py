"""What doctor is asked about, and how it shows what it has found."""

import argparse
import io
import json
from types import SimpleNamespace

import pytest
from places import ROOT

from acceptance.doctor import Question, as_json, options, promises, show, verdict
from acceptance.examination import Examination, Finding, refuse_unready
from acceptance.profile import Profile
from acceptance.report.selected import selected
from acceptance.trouble import Trouble

OFFERS = "features/retail/offers.feature"
STOPS = Finding(
    "readiness", "shop", "problem", "It is closed, and that for " + "very " * 40 + "long.", "Open it.", True
)
FINDINGS = (
    Finding("promises", "judged", "ok", "3 scenarios"),
    Finding("parts", "a rather long name of a part", "ok", "arn-without-any-blank-" * 8),
    STOPS,
    Finding("permissions", "Logs", "note", "logs:Get is not allowed.", "Allow it."),
)


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.chdir(ROOT)


def asked(*arguments):
    parser = argparse.ArgumentParser()
    options(parser)
    return Question.of(parser.parse_args(arguments))


def shown(*examinations):
    stream = io.StringIO()
    show(examinations, stream)
    return stream.getvalue()


def examination(*findings):
    return Examination("bookings", findings, {"Target": "aws", "Region": "eu-west-1", "Run": "1"})


class TestQuestion:
    def test_is_about_everything_unless_something_is_named(self):
        assert asked("--tags", "@smoke", "-D", "target=aws").arguments == ["-D", "target=aws", "--tags", "@smoke"]
        assert not asked().chosen

    def test_names_a_system_in_place_of_its_features(self):
        named = [asked("--system", "retail"), asked("retail"), asked("features/retail")]
        assert [one.arguments for one in named] == [["features/retail"]] * 3
        assert all(one.chosen for one in named)

    @pytest.mark.parametrize(
        ("arguments", "paths"),
        [
            (["retail", OFFERS], [OFFERS]),
            ([OFFERS, f"{OFFERS}:3", "--system", "retail"], [OFFERS]),
            ([f"{OFFERS}:3", f"{OFFERS}:9", "retail"], [f"{OFFERS}:3", f"{OFFERS}:9"]),
            (["--system", "retail", "retail", "./features/retail"], ["./features/retail"]),
            ([OFFERS, "features"], ["features"]),
            (["fulfilment", "retail", OFFERS], ["features/fulfilment", OFFERS]),
        ],
    )
    def test_paths_narrow_a_system_down_and_nothing_counts_twice(self, arguments, paths):
        assert asked(*arguments).arguments == paths

    def test_is_about_the_system_of_a_profile(self, tmp_path):
        profile = tmp_path / "ours.yaml"
        profile.write_text("system: retail\n", encoding="utf-8")
        assert asked("-D", f"profile={profile}").arguments[0] == "features/retail"

    def test_is_refused_where_a_profile_is_about_a_deployed_system_and_the_target_is_not(self, tmp_path):
        profile = tmp_path / "ours.yaml"
        profile.write_text("system: retail\nparts: {users_table: ours}\n", encoding="utf-8")
        with pytest.raises(Trouble, match=r"parts of a deployed system \(users_table\).*: add -D target=aws\."):
            asked("-D", f"profile={profile}")
        assert asked("-D", f"profile={profile}", "-D", "target=aws").chosen
        assert asked("-D", f"profile={profile}", "-D", "retail_template=own.yaml").chosen

    def test_finds_the_features_from_another_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert asked("retail").arguments == [str(ROOT / "features" / "retail")]

    def test_suggests_a_system_before_a_file_that_is_called_alike(self, tmp_path, monkeypatch):
        (tmp_path / "retail.yaml").write_text("system: retail\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        with pytest.raises(Trouble, match=r"^There is no retial\. Did you mean retail\?$"):
            asked("retial")
        for path in ("features/retial", "retail.feature"):
            assert asked(path).arguments == [path], "a path is told of by those who read it"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--system", "bookings"], "No system is called “bookings”. There are: durable_orders, "),
            (["--system", "retial"], "No system is called “retial”. Did you mean retail?"),
            (["serverlespresso"], "There is no serverlespresso. Did you mean serverlesspresso?"),
            (["-D", "nothing=1"], "No setting is called -D nothing."),
            (["-D", "target=moon"], 'The setting target cannot be "moon"'),
        ],
    )
    def test_that_is_wrong_is_refused_in_a_sentence(self, arguments, sentence):
        with pytest.raises(Trouble) as trouble:
            asked(*arguments)
        assert sentence in str(trouble.value)


class TestSelected:
    def test_scenarios_have_the_tags_of_their_features(self):
        found = selected(["features/retail", "--tags=@restart"])
        assert {one.system for one in found} == {"retail"}
        assert all({"restart", "retail"} <= one.tags for one in found)

    @pytest.mark.parametrize(
        ("path", "sentence"),
        [
            ("features/retial", "There is no features/retial. Did you mean features/retail?"),
            ("README.md", "README.md is no feature file."),
            ("features/retail/offers.feature:3:x", "There is no "),
        ],
    )
    def test_path_that_leads_nowhere_is_told(self, path, sentence):
        with pytest.raises(Trouble) as trouble:
            selected([path])
        assert str(trouble.value).startswith(sentence)


def test_deviations_that_nobody_has_explained_are_a_note():
    scenario = selected([OFFERS])[0]
    name = f"{scenario.scenario.feature.name} › {scenario.identity.name}"
    known = {"scenario": name, "message": "it is late", "until": "2999-01-01"}
    entries = [{**known, "reason": "Not explained yet: it is late"}, {**known, "message": "x", "reason": "It is slow."}]
    profile = Profile.model_validate({"system": "retail", "deviations": entries})
    system = SimpleNamespace(
        settings=SimpleNamespace(profiles={"retail": profile}), profile=profile, why_not=lambda _: ""
    )
    (told,) = [one for one in promises(system, [scenario]) if "explained" in one.what]
    assert (told.verdict, told.stops) == ("note", False)
    assert told.what == f"1 known deviation is not explained yet: “{name}”."


class TestShown:
    def test_in_sections_and_columns_that_fit(self):
        text = shown(examination(*FINDINGS))
        order = [text.index(section) for section in ("Parts", "Permissions", "Readiness", "Promises")]
        assert order == sorted(order)
        assert all(len(line) <= 100 for line in text.splitlines() if "arn-" not in line)
        assert "arn-without-any-blank-" * 8 in text, "nobody could copy it"
        assert "\x1b" not in text
        assert text.startswith("bookings  (target aws, region eu-west-1)\n")
        assert "→ Open it." in text

    def test_verdict_comes_last(self):
        assert shown(examination(*FINDINGS)).endswith("\nNot ready: 1 problem.\n")
        assert verdict([examination(FINDINGS[0])]) == "Ready."
        rather = Finding("permissions", "x", "problem", "y")
        assert verdict([examination(rather, rather)]) == "2 problems."

    def test_as_json_it_says_the_same(self):
        told = json.loads(json.dumps(as_json(examination(STOPS))))
        assert told["findings"] == [
            {
                "section": "readiness",
                "subject": "shop",
                "verdict": "problem",
                "advice": "Open it.",
                "stops": True,
                "sentence": STOPS.what,
            }
        ]


def test_run_is_refused_for_what_stops_it_only():
    refuse_unready([FINDINGS[0], FINDINGS[3], Finding("readiness", "x", "problem", "y")])
    with pytest.raises(Trouble, match=r"long\. Open it\.$"):
        refuse_unready([FINDINGS[0], STOPS])
