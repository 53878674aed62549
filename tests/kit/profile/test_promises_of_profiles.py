"""Which scenarios a profile names, and what a verdict becomes by it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from behave.parser import parse_feature

from acceptance.profile import Deviation, NotMade, Profile
from acceptance.profile.promises import Promises, names_of
from acceptance.report.deviations import excused
from acceptance.report.selection import identities
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED, Verdict
from acceptance.trouble import Trouble

FEATURE = """\
@orders
Feature: Ordering
  Rule: Only what is on the menu
    @app
    Scenario: A sold-out drink is refused
      Given it
    Scenario Outline: A <size> drink is served
      Given it
      Examples:
        | size  |
        | small |
        | large |
  Rule: Only once
    Scenario: A drink is refused
      Given it
    Scenario Outline: An order with a bad id
      Given it
      Examples:
        | id |
        | "" |
"""
TODAY = date(2027, 1, 31)
KNOWN = Deviation(scenario="Ordering › A drink is refused", message="none", reason="It is lost.", until=TODAY)
STEP = SimpleNamespace(keyword="Then", name="there is an order")
FAILURE = Verdict(FAILED, "there is none", step=STEP)


def scenarios(folder="cafe"):
    feature = parse_feature(FEATURE, filename=f"features/{folder}/ordering.feature")
    return list(identities(feature, SimpleNamespace(base_dir=".")))


def profile(not_made=(), deviations=(), system="cafe"):
    lines = {(kind, number): 10 * number + 1 for kind in ("not_made", "deviations") for number in range(5)}
    made = [NotMade(promise=one, reason="Not here.") for one in not_made]
    known = [KNOWN.model_copy(update=one) for one in deviations]
    return Profile(system=system, not_made=made, deviations=known).read_from("x.yaml", lines)


def left_out(promise, folder="cafe"):
    promises = Promises([profile(not_made=[promise])])
    return [identity.name for scenario, identity in scenarios(folder) if promises.why_not(scenario, identity)]


EVERY = [
    "A sold-out drink is refused",
    "A small drink is served",
    "A large drink is served",
    "A drink is refused",
    'An order with a bad id (id: "")',
]


@pytest.mark.parametrize(
    ("promise", "names"),
    [
        ("@app", EVERY[:1]),
        ("@orders", EVERY),
        ("Ordering", EVERY),
        ("Ordering › Only once", EVERY[3:]),
        ("Ordering › A drink is refused", EVERY[3:4]),
        ("Ordering › Only once › A drink is refused", EVERY[3:4]),
        ("Ordering › Only what is on the menu › A drink is refused", []),
        ("Ordering  >  A drink is refused", EVERY[3:4]),
        ("Ordering › A small drink is served", EVERY[1:2]),
        ("Ordering › A <size> drink is served", EVERY[1:3]),
        ("Ordering › An order with a bad id", EVERY[4:]),
        ('Ordering › An order with a bad id (id: "")', EVERY[4:]),
        ("app", []),
        ("A drink is refused", []),
        ("Ordering › refused", []),
    ],
)
def test_a_promise_is_named_by_tag_feature_rule_or_scenario(promise, names):
    assert left_out(promise) == names


def test_a_profile_says_nothing_of_another_system():
    assert left_out("@orders", folder="hotel") == []


def test_what_is_left_out_says_why():
    scenario, identity = scenarios()[0]
    assert Promises([profile(not_made=["@app"])]).why_not(scenario, identity) == "not promised: Not here."
    assert Promises().why_not(scenario, identity) == ""


def test_the_title_in_the_report_is_a_name():
    for scenario, identity in scenarios():
        assert f"Ordering › {identity.name}" in names_of(scenario, identity)


class TestCheck:
    def check(self, *profiles, systems=("cafe",)):
        Promises(profiles).check(systems, lambda system: scenarios())

    def test_known_names_are_taken(self):
        self.check(profile(["@app", "Ordering"], [{}, {"scenario": "Ordering › A <size> drink is served"}]))

    @pytest.mark.parametrize(
        ("made", "sentence"),
        [
            (
                {"deviations": [{}, {"scenario": "Ordering › A drink is refussed"}]},
                "x.yaml:11: No scenario is called “Ordering › A drink is refussed”. "
                "Did you mean “Ordering › A drink is refused”?",
            ),
            (
                {"deviations": [{"scenario": "Ordering"}]},
                "x.yaml:1: No scenario is called “Ordering”. The report shows the name of each scenario.",
            ),
            (
                {"not_made": ["@ap"]},
                "x.yaml:1: No promise is called “@ap”. Did you mean “@app”?",
            ),
            (
                {"deviations": [{}, {"message": " none\n"}]},
                "x.yaml:11: This deviation is listed twice: see x.yaml:1.",
            ),
        ],
    )
    def test_others_are_refused_with_the_nearest(self, made, sentence):
        with pytest.raises(Trouble) as trouble:
            self.check(profile(**made))
        assert str(trouble.value) == sentence

    def test_one_scenario_may_deviate_in_two_ways(self):
        self.check(profile(deviations=[{}, {"message": "two"}]))

    def test_a_profile_of_another_system_is_refused(self):
        with pytest.raises(Trouble, match=r"x.yaml is for cafe, but this run has features of hotel only"):
            self.check(profile(), systems=["hotel"])

    def test_no_more_files_are_read_than_needed(self):
        read = []
        every = ((read.append(identity.name), (scenario, identity))[1] for scenario, identity in scenarios())
        Promises([profile(not_made=["@app"])]).check(["cafe"], lambda system: every)
        assert read == EVERY[:1]

    def test_what_has_expired_is_told(self):
        known = profile(deviations=[{}, {"message": "two", "until": date(2027, 2, 1)}])
        assert Promises([known], TODAY).notice == ""
        assert Promises([known], date(2027, 2, 1)).notice == (
            "x.yaml:1: This deviation expired on 2027-01-31, so its scenario counts again: "
            "“Ordering › A drink is refused”.\n"
        )

    def test_what_nobody_has_explained_is_told_in_one_line(self):
        open_ones = [{"message": word, "reason": f"Not explained yet: {word}"} for word in ("two", "three")]
        assert Promises([profile(deviations=[{}, *open_ones])], TODAY).notice == (
            "2 known deviations are not explained yet: x.yaml:11, x.yaml:21\n"
        )
        assert Promises([profile(deviations=[{}, *open_ones])], date(2027, 2, 1)).notice.count("explained") == 0
        many = [{**open_ones[0], "message": f"word {number}"} for number in range(5)]
        assert Promises([profile(deviations=many)], TODAY).notice.startswith("5 known deviations are")
        assert Promises([profile(deviations=many)], TODAY).notice.endswith("x.yaml:21, …\n")


class TestExcused:
    def of(self, verdict, *known, today=TODAY):
        return excused(verdict, known or (KNOWN,), today)

    def test_a_failure_in_these_words_deviates(self):
        told = self.of(FAILURE)
        assert (told.word, told.deviations) == (DEVIATING, (KNOWN,))
        assert told.message == "Known deviation (counts again after 2027-01-31): It is lost. · there is none"

    def test_of_several_deviations_one_is_enough(self):
        other = KNOWN.model_copy(update={"message": "two"})
        assert self.of(FAILURE, other, KNOWN).deviations == (KNOWN,)

    def test_each_failure_needs_one(self):
        second = Verdict(FAILED, "there are two", step=STEP)
        both = Verdict(FAILED, "all of it", step=STEP, parts=(FAILURE, second))
        other = KNOWN.model_copy(update={"message": "two"})
        assert self.of(both).word == FAILED
        assert self.of(both, KNOWN, other).deviations == (KNOWN, other)

    @pytest.mark.parametrize(
        "verdict",
        [
            replace(FAILURE, message="there is another"),
            replace(FAILURE, word=BROKEN),
            replace(FAILURE, word=PASSED),
            replace(FAILURE, word=SKIPPED),
            replace(FAILURE, step=None),
            replace(FAILURE, parts=(FAILURE, replace(FAILURE, word=BROKEN))),
            replace(FAILURE, parts=(FAILURE, replace(FAILURE, step=None))),
            replace(FAILURE, parts=(FAILURE, replace(FAILURE, message="one more"))),
        ],
        ids=["otherwise", "broken", "passed", "skipped", "no step", "also broken", "also a hook", "also otherwise"],
    )
    def test_nothing_else_is_excused(self, verdict):
        assert self.of(verdict) is verdict

    def test_nothing_is_excused_without_a_deviation(self):
        assert excused(FAILURE, (), TODAY) is FAILURE

    def test_what_has_expired_counts_and_says_so(self):
        told = self.of(FAILURE, today=date(2027, 2, 1))
        assert told.word == FAILED
        assert told.message == (
            "there is none\nThis deviation was known until 2027-01-31, and counts again: It is lost."
        )

    def test_one_that_holds_comes_before_one_that_has_expired(self):
        later = KNOWN.model_copy(update={"message": "there is none", "until": date(2028, 1, 1)})
        assert self.of(FAILURE, KNOWN, later, today=date(2027, 2, 1)).deviations == (later,)
