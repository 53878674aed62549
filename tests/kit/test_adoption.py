"""What a run suggests for a profile: deviations by cause, the most harmful first; nothing for what was not checked."""

import json
from datetime import date
from pathlib import Path

import pytest

from acceptance.adoption.command import results_of, summary, what_next
from acceptance.adoption.outcomes import outcome_of, outcomes_in
from acceptance.adoption.proposal import LONGEST, Proposal
from acceptance.profile import Profile
from acceptance.profile.reading import read_profile
from acceptance.trouble import Trouble

REPORT = "report/index.html"
TODAY = date(2027, 1, 31)
EXPECTED = "Expected: a charged order · but: {} · still so after {} s (last event: Closed)"


def result(name, *messages, status="failed", tags=(), severity="normal", feature="Orders", rule="A rule", **more):
    """Make the result of a scenario as the formatter writes it, with a failed step for each message."""
    steps = [
        {"name": f"Then {number}", "status": "failed", "statusDetails": {"message": message}}
        for number, message in enumerate(messages, 1)
    ]
    whole = messages[0] if len(messages) == 1 else "\n".join(f"Then {n}:\n{m}" for n, m in enumerate(messages, 1))
    return {
        "name": name,
        "fullName": f"features/shop/orders.feature: {rule}: {name}",
        "status": status,
        "start": 10,
        "uuid": name,
        "steps": steps,
        "statusDetails": {"message": whole},
        "attachments": [{"name": "Its way", "source": "a.svg"}],
        "labels": [
            *({"name": "tag", "value": tag} for tag in tags),
            {"name": "severity", "value": severity},
            {"name": "feature", "value": feature},
            {"name": "story", "value": rule},
        ],
        **more,
    }


def proposed(*results, base=None, **options):
    outcomes = [outcome_of(one) for one in results]
    return Proposal("shop", outcomes, base or Profile.shipped("shop"), today=TODAY, **options)


def read(proposal, folder):
    """Read what is proposed as a run does."""
    file = folder / "proposed.yaml"
    file.write_text(proposal.text(REPORT), encoding="utf-8")
    return read_profile(file, lambda _: Profile)


def not_checked(name, message, besides=""):
    """Make the result of a scenario in whose Given a promise was broken."""
    step = {"name": "Given it is paid", "status": "broken", "statusDetails": {"message": message}}
    whole = "\n".join(filter(None, ("Could not be checked: Given it is paid", message, besides)))
    return result(name, status="broken", steps=[step], statusDetails={"message": whole})


class TestGivens:
    @pytest.mark.parametrize("besides", ["", "“Orders › A” checks this, and failed."])
    def test_a_promise_that_is_broken_in_a_given_is_a_deviation_of_its_scenario_too(self, tmp_path, besides):
        message = EXPECTED.format("nothing was charged", 1)
        proposal = proposed(result("A", message), not_checked("B", message, besides))
        assert (len(proposal.deviating), proposal.not_checked) == (1, [])
        named = {one.scenario: one.message for one in read(proposal, tmp_path).deviations}
        assert sorted(named) == ["Orders › A", "Orders › B"]
        assert all(
            one.fits(not_checked("B", message)["statusDetails"]["message"])
            for one in read(proposal, tmp_path).deviations
        )

    def test_what_else_went_wrong_beside_it_is_not_suggested(self):
        proposal = proposed(not_checked("B", EXPECTED.format("nothing", 1), "orders › STATE must be Paid"))
        assert (proposal.deviating, len(proposal.not_checked)) == ([], 1)

    def test_that_it_counts_by_itself_is_no_scenario(self, tmp_path):
        told = result(
            "Broken in a Given: it is paid", "x", fullName="Outside any scenario: Broken in a Given: it is paid"
        )
        (tmp_path / "1-result.json").write_text(json.dumps(told), encoding="utf-8")
        assert outcomes_in(tmp_path) == []


class TestCauses:
    def test_failures_with_the_same_words_are_one_cause_whatever_their_numbers(self):
        once, twice = EXPECTED.format("it was charged 2 times", 5.0), EXPECTED.format("it was charged 3 times", 20.1)
        (cause,) = proposed(result("A", once), result("B", twice)).deviating
        assert cause.words == "it was charged … times"
        assert [one.name for one in cause.outcomes] == ["A", "B"]

    def test_those_that_do_most_harm_come_first(self):
        words = result("Words", EXPECTED.format("nobody is told", 1), tags=["core"])
        money = result("Money", EXPECTED.format("charged twice", 1), tags=["core"])
        other = result("Other", EXPECTED.format("it is late", 1), tags=["core"])
        untagged = result("Untagged", EXPECTED.format("charged twice, too", 1))
        minor = result("Minor", EXPECTED.format("charged for nothing", 1), tags=["core"], severity="minor")
        blocker = result("Blocker", EXPECTED.format("nothing happens", 1), severity="blocker")
        all_of_them = proposed(words, minor, untagged, other, money, blocker, harms=("charged (twice|for)", "", "told"))
        named = [cause.outcomes[0].name for cause in all_of_them.deviating]
        assert named == ["Blocker", "Money", "Other", "Words", "Untagged", "Minor"]

    def test_house_rules_are_no_deviations(self):
        proposal = proposed(result("A", EXPECTED.format("no", 1), tags=["house_rule"]), result("B", "Expected: x"))
        assert [cause.outcomes[0].name for cause in proposal.deviating] == ["B"]
        assert [cause.outcomes[0].name for cause in proposal.not_made] == ["A"]


class TestProfile:
    def test_next_run_knows_what_failed(self, tmp_path):
        message = EXPECTED.format('its state is "Done 17"', 5.0)
        (deviation,) = read(proposed(result("A", message)), tmp_path).deviations
        assert deviation.scenario == "Orders › A"
        assert deviation.until == date(2027, 5, 1)
        assert deviation.fits(EXPECTED.format('its state is "Done 18"', 60.2))
        assert not deviation.fits(EXPECTED.format("there is no record", 5.0))

    def test_each_of_several_broken_promises_is_a_deviation_of_its_own(self, tmp_path):
        one, other = EXPECTED.format("no record", 1), EXPECTED.format("no event", 1)
        deviations = read(proposed(result("A", one, other)), tmp_path).deviations
        assert [[deviation.fits(message) for message in (one, other)] for deviation in deviations] == [
            [True, False],
            [False, True],
        ]

    @pytest.mark.parametrize(
        "message",
        [
            "17",
            "Expected: 1 · but: 2",
            "Expected: x · but: " + "a long story of 100 words " * 50,
            "two\nlines: with 'quotes', \"more\", # a hash and - a dash",
            "Expected: {a: b} · but: [1, 2] · still so",
            "Ünïcödé ✓ …",
        ],
    )
    def test_whatever_a_message_says_it_can_be_read_and_fits(self, message, tmp_path):
        deviations = read(proposed(result("A", message)), tmp_path).deviations
        assert len(deviations) == 1
        assert len(deviations[0].message) <= LONGEST + 2
        if any(letter.isalpha() for letter in message):
            assert deviations[0].fits(message)

    def test_house_rule_is_suggested_as_not_made_and_a_whole_rule_once(self, tmp_path):
        ours = {"tags": ["house_rule"], "rule": "Whole"}
        message = EXPECTED.format("other words", 1)
        proposal = proposed(
            result("A", message, **ours),
            result("B", message, **ours),
            result("C", message, tags=["house_rule"], rule="Half"),
            result("D", status="passed", tags=["house_rule"], rule="Half"),
        )
        not_made = read(proposal, tmp_path).not_made
        assert [one.promise for one in not_made] == ["Orders › Whole", "Orders › C"]
        assert "other words" in not_made[0].reason

    def test_evidence_stands_beside_each_entry(self):
        text = proposed(result("A", EXPECTED.format("no record", 7))).text(REPORT)
        assert f"{REPORT}#7fc56270e7a70fa81a5935b72eacbe29" in text
        assert "Then 1: Expected: a charged order · but: no record · still so after 7 s" in " ".join(
            text.replace("#", " ").split()
        )
        assert "Its way" in text

    def test_what_could_not_be_checked_is_told_and_excused_by_nothing(self, tmp_path):
        lost = result("Lost", "The answer was lost", status="broken")
        both = result("Both", "Expected: x · but: y")
        both["steps"].append({"name": "And z", "status": "broken", "statusDetails": {"message": "lost"}})
        untidy = result("Untidy", "Expected: x · but: y")
        untidy["statusDetails"]["message"] += "\nTidying up afterwards: no"
        outside = result("After the run", "a disk is full", status="broken", fullName="Outside any scenario: After")
        proposal = proposed(lost, both, untidy, outside)
        assert read(proposal, tmp_path).deviations == ()
        text = proposal.text(REPORT)
        assert all(
            f"{name}: " in text for name in ("Orders › Lost", "Orders › Both", "Orders › Untidy", "After the run")
        )
        assert "The answer was lost" in text

    def test_given_profile_stays_and_what_is_found_is_added(self, tmp_path):
        base = Profile.model_validate(
            {
                "system": "shop",
                "name": "Corner shop",
                "parts": {"bus": "by hand"},
                "not_made": [{"promise": "@slow", "reason": "Nobody waits."}],
                "deviations": [
                    {"scenario": "Orders › Old", "message": "old", "reason": "known", "until": "2027-02-01"}
                ],
            }
        )
        known = result("Old", "Known deviation", status="unknown")
        found = {"parts": {"bus": "found", "table": "orders"}}
        profile = read(proposed(known, result("New", "Expected: new"), base=base, found=found), tmp_path)
        assert profile.name == "Corner shop"
        assert profile.parts == {"bus": "by hand", "table": "orders"}
        assert [one.promise for one in profile.not_made] == ["@slow"]
        assert [one.scenario for one in profile.deviations] == ["Orders › Old", "Orders › New"]

    def test_nobody_has_signed_it_yet(self, tmp_path):
        profile = read(proposed(result("A", "Expected: x")), tmp_path)
        with pytest.raises(Trouble, match=r"proposed.yaml:4: This proposal is not signed\. Review the promises"):
            profile.refuse_unsigned()

    @pytest.mark.parametrize(("name", "refused"), [("nobody", True), ("Nobody", True), ("''", True), ("Mo", False)])
    def test_name_of_a_person_signs_it(self, name, refused, tmp_path):
        file = tmp_path / "signed.yaml"
        file.write_text(f"system: shop\nsigned_by: {name}\n", encoding="utf-8")
        profile = read_profile(file, lambda _: Profile)
        if refused:
            with pytest.raises(Trouble):
                profile.refuse_unsigned()
        else:
            profile.refuse_unsigned()

    def test_profile_that_was_written_by_hand_needs_no_signature(self):
        Profile.shipped("shop").refuse_unsigned()


def test_summary_counts_every_scenario_once():
    told = "\n".join(
        summary(
            proposed(
                result("Held", status="passed"),
                result("Missed", EXPECTED.format("charged twice", 1)),
                result("House rule", "Expected: y", tags=["house_rule"]),
                result("Left out", "allow it with -D slow=yes", status="skipped"),
                result("Lost", "no answer", status="broken"),
            )
        )
    )
    assert [line.split()[:4] for line in told.splitlines() if line.startswith("  ") and line[5].isdigit()] == [
        ["1", "held"],
        ["1", "did", "not", "hold;"],
        ["1", "did", "not", "hold"],
        ["1", "left", "out"],
        ["1", "could", "not", "be"],
    ]
    assert "1 charged twice" in told
    assert "Orders › Lost: no answer" in told


def test_next_command_names_the_new_profile_only():
    *_, again = what_next(
        Path("again.yaml"), ["features/x", "-D", "profile=signed.yaml", "-D", "target=aws", "--tags", "not @slow"]
    )
    assert again.endswith("-m behave features/x -D target=aws --tags 'not @slow' -D profile=again.yaml")


def test_each_profile_keeps_its_own_evidence():
    ours, again = results_of(Path("profiles/ours.yaml")), results_of(Path("again.yaml"))
    assert ours.parts[-4:] == ("reports", "adoption", "ours", "allure-results")
    assert again.parent != ours.parent


def test_results_of_another_run_and_what_is_no_result_are_left_out(tmp_path: Path):
    for name, content in {
        "old": json.dumps(result("Old", "x", start=5)),
        "new": json.dumps(result("New", "x", start=15)),
        "torn": '{"name": "torn',
        "odd": "[]",
    }.items():
        (tmp_path / f"{name}-result.json").write_text(content, encoding="utf-8")
    assert [one.name for one in outcomes_in(tmp_path, since_ms=10)] == ["New"]
