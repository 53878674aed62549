"""Failures are grouped by what is wrong, not by what differs by chance."""

import pytest

from acceptance.report.causes import Red, Symptom, causes_of, comparable, received, sentence_of

STATE = 'Expected: a completed order · but: it is in an unknown state, "Complete" · after 1.2 s (last event: Ended)'
CONTRACT = "orders › STATE of an order must be Completed"


def red(name, *symptoms, word="failed"):
    return Red(name, name, word, symptoms)


def then(cause):
    return Symptom(cause, cause, "Then it is so")


def given(cause):
    return Symptom(cause, cause, "Given it was so", given=True)


def beside(cause):
    return Symptom(cause, cause)


def found(*reds):
    return [(one.sentence, [member.key for member in one.reds]) for one in causes_of(reds)]


class TestSeveralCausesInOneScenario:
    LATE, MISSING = (Symptom(cause, cause, "Then it is so", declared=True) for cause in ("too slow", "never announced"))

    def test_it_is_behind_the_first_and_also_shows_the_other(self):
        missing, late = causes_of([red("a", self.MISSING, self.LATE), red("b", self.MISSING), red("c", self.LATE)])
        assert [one.key for one in missing.reds] == ["a", "b"]
        assert ([one.key for one in late.reds], [one.key for one in late.also]) == (["c"], ["a"])

    def test_what_no_other_scenario_met_first_is_no_cause_of_its_own(self):
        (missing,) = causes_of([red("a", self.MISSING, self.LATE), red("b", self.MISSING)])
        assert missing.also == ()


class TestWhatIsAlike:
    @pytest.mark.parametrize(
        "other",
        [
            STATE.replace("1.2 s", "3.4 s"),
            STATE.replace(" · after 1.2 s (last event: Ended)", " · still so after 5.0 s"),
            STATE.replace("Ended)", "Begun)"),
        ],
    )
    def test_how_long_it_took_and_what_came_last_differ_by_chance(self, other):
        assert comparable(other) == comparable(STATE)

    def test_numbers_and_ids_differ_by_chance(self):
        one = "Expected: an order with number 21 · but: it is that of Ben-28bf-1c"
        assert comparable(one) == comparable("Expected: an order with number 3 · but: it is that of Ben-77aa-9f")

    def test_the_names_of_people_differ_by_chance(self):
        one, other = comparable("Expected: Ada's order", ["Ada"]), comparable("Expected: Zoë's order", ["Zoë", "ready"])
        assert one == other == "Expected: …'s order"

    def test_a_name_within_another_word_or_within_quotes_is_none(self):
        assert comparable('Expected: Adamant · but: it is "Ada"', ["Ada"]) == 'Expected: Adamant · but: it is "Ada"'

    def test_what_was_expected_counts(self):
        assert comparable("Expected: tea · but: it is cold") != comparable("Expected: coffee · but: it is cold")

    def test_what_was_received_counts(self):
        assert comparable(STATE) != comparable(STATE.replace('"Complete"', '"Done"'))

    def test_a_part_that_is_wrong_counts_whatever_the_whole_is_expected_to_be(self):
        one = comparable(
            "Expected: an order that is planned · but: its route is North, not South; its time is 9, not 8"
        )
        other = comparable("Expected: an order that is delivered · but: its route is East, not West")
        assert one == other == "its route is …"
        assert one != comparable("Expected: an order that is planned · but: its time is 9, not 8")

    def test_of_a_list_the_first_entry_counts(self):
        one = comparable("Expected: a call · but: what was heard is: a, b · after 1 s")
        assert one == comparable("Expected: a call · but: what was heard is: c · after 1 s")

    def test_hamcrests_own_messages_are_read_too(self):
        assert comparable("\nExpected: <3>\n     but: was <4>\n") == "Expected: <…> but: was <…>"
        assert received("\nExpected: an order\n     but: there is none\n") == "there is none"

    def test_a_message_without_that_form_counts_as_a_whole(self):
        assert comparable("KeyError: 'order'") == received("KeyError: 'order'") == "KeyError: 'order'"

    def test_the_sentence_about_a_cause_keeps_what_was_received(self):
        assert sentence_of(STATE) == 'Expected: a completed order · but: it is in an unknown state, "Complete"'
        assert len(sentence_of(f"Expected: {'a long list ' * 100}")) <= 222


class TestCauses:
    def test_a_run_in_which_nothing_is_wrong_has_none(self):
        assert found() == []

    def test_each_scenario_belongs_to_one(self):
        assert found(red("1", then("a")), red("2", then("b")), red("3", then("a"))) == [("a", ["1", "3"]), ("b", ["2"])]

    def test_what_was_not_checked_stands_behind_what_failed(self):
        assert found(red("1", given("a"), word="broken"), red("2", then("a"))) == [("a", ["2", "1"])]

    def test_causes_that_failed_stand_before_those_that_only_kept_from_checking(self):
        broken = [red(name, then("lost"), word="broken") for name in "123"]
        assert [sentence for sentence, _ in found(*broken, red("4", then("a")))] == ["a", "lost"]

    def test_a_broken_contract_belongs_to_the_step_that_it_always_comes_with(self):
        reds = (
            red("1", then(STATE), beside(CONTRACT)),
            red("2", beside(CONTRACT)),
            red("3", then(STATE), beside(CONTRACT)),
        )
        assert found(*reds) == [(sentence_of(STATE), ["1", "2", "3"])]

    def test_a_broken_contract_alone_is_a_cause(self):
        assert found(red("1", beside(CONTRACT)), red("2", beside(CONTRACT))) == [(CONTRACT, ["1", "2"])]

    def test_an_event_that_is_missing_in_several_scenarios_is_no_part_of_another_cause(self):
        missing = [red(name, then("never told")) for name in "12"]
        both = red("3", then("never told"), beside(CONTRACT))
        state = [red(name, then("state"), beside(CONTRACT)) for name in "456"]
        assert found(*missing, both, *state) == [("never told", ["1", "2", "3"]), ("state", ["4", "5", "6"])]

    @pytest.mark.parametrize(
        "about_it", ["“It is ready.” (Completed) is missing", "Expected: an end · but: its state says nothing"]
    )
    def test_what_one_scenario_shows_about_a_contract_that_others_break_too_is_told_with_that(self, about_it):
        (cause,) = causes_of(
            [
                red("1", then(about_it), beside(CONTRACT)),
                red("2", then(STATE), beside(CONTRACT)),
                red("3", then(STATE), beside(CONTRACT)),
            ]
        )
        assert cause.sentence == sentence_of(STATE)
        assert about_it in cause.others

    def test_what_one_scenario_shows_about_something_else_is_a_cause_also_beside_such_a_contract(self):
        states = [red(name, then(STATE), beside(CONTRACT)) for name in "23"]
        other = "Expected: a receipt · but: it does not say who paid"
        assert found(red("1", then(other), beside(CONTRACT)), *states) == [
            (sentence_of(STATE), ["2", "3"]),
            (other, ["1"]),
        ]

    def test_two_broken_contracts_belong_to_the_steps_that_are_about_them(self):
        amount, ttl = "payments › amount of an entry must be 99.99", "orders › ttl is missing"
        paid, kept = "Expected: one charge of 99.99 · but: it is 9.99", "Expected: 30 days · but: ttl is None"
        both = [red(name, beside(ttl), beside(amount)) for name in "56"]
        paids = [red(name, then(paid), beside(ttl), beside(amount)) for name in "123"]
        assert found(*paids, red("4", then(kept), beside(ttl), beside(amount)), *both) == [
            (paid, ["1", "2", "3"]),
            (kept, ["4", "5", "6"]),
        ]

    def test_what_is_said_of_one_among_many_is_what_is_said_of_one(self):
        many = f"Zoe 1, whose order id is 'x': {STATE}"
        assert comparable(many) == comparable(STATE)
        assert sentence_of(many) == sentence_of(STATE)

    @pytest.mark.parametrize("same", [True, False], ids=["same action", "another action"])
    def test_a_step_that_misses_the_same_message_after_the_same_action_is_told_with_the_other(self, same):
        heard = "the notifications are: Begun, Claimed"
        told = Symptom("told", f"Expected: a call · but: the last names Ben; {heard}", "Then a", after="back")
        words = Symptom("words", f"Expected: words · but: none; {heard}", "Then b", after="back" if same else "cancels")
        reds = [red("1", told), red("2", told), red("3", words)]
        assert len(causes_of(reds)) == (1 if same else 2)
        more = Symptom("words", f"{words.message}, Freed", "Then b", after=words.after)
        assert len(causes_of([*reds[:2], red("3", more)])) == 2, "it was told"

    @pytest.mark.parametrize(("heard", "causes"), [("Begun, Claimed", 1), ("Begun, Claimed, Ready", 2)])
    def test_a_step_that_lists_what_was_received_without_the_message_that_never_came_is_told_with_that(
        self, heard, causes
    ):
        never = Symptom("never announced: Ready", "Expected: a call", "Then a", declared=True, after="completes")
        words = Symptom("words", f"Expected: words · but: none; received: {heard}", "Then b", after="completes")
        assert len(causes_of([red("1", never), red("2", words)])) == causes

    @pytest.mark.parametrize(("before", "causes"), [("closed", 1), ("open", 2)])
    def test_where_a_message_never_came_the_same_action_is_seen_to_have_ended_otherwise(self, before, causes):
        never = Symptom(
            "never announced: Refused", "Expected: a call", "Then a", declared=True, after="scans", before="closed"
        )
        other = Symptom("runs", "Expected: an end · but: it still runs", "Then b", after="scans", before=before)
        assert len(causes_of([red("1", never), red("2", other)])) == causes

    def test_a_step_that_received_the_same_description_is_told_with_the_other(self):
        once = then("Expected: tea with milk · but: it is number 7, a tea, with nothing")
        twice = then("Expected: tea with milk and milk · but: it is number 8, a tea, with nothing")
        assert len(found(red("1", once), red("2", once), red("3", twice))) == 1
        none, nothing = then("Expected: a call · but: there is none"), then("Expected: tea · but: there is none")
        assert len(found(red("1", none), red("2", none), red("3", nothing))) == 2

    def test_the_clearest_sentence_has_the_shortest_expectation_of_any_scenario(self):
        short = Symptom("ready", "Expected: a call · but: there were others, and many of them", "Then a")
        long = Symptom("ready", "Expected: a call, despite all that has failed · but: none", "Then b")
        sentences = [sentence for sentence, _ in found(red("1", then("state"), short), red("2", long))]
        assert sentences == ["state", short.message]

    def test_who_meets_the_same_stored_value_beside_the_same_broken_contract_has_the_same_cause(self):
        once = 'Expected: one end · but: it is in an unknown state, "Complete", and it was announced once · after 1 s'
        reds = [red(name, then(STATE), beside(CONTRACT)) for name in "abc"]
        others = [red(name, then(once), beside(CONTRACT)) for name in "de"]
        assert found(*reds, *others) == [(sentence_of(STATE), list("abcde"))]

    def test_who_meets_it_without_that_contract_or_meets_another_value_has_another_cause(self):
        once = 'Expected: one end · but: it is in an unknown state, "Complete", and it was announced once · after 1 s'
        reds = [red(name, then(STATE), beside(CONTRACT)) for name in "abc"]
        assert len(found(*reds, *[red(name, then(once)) for name in "de"])) == 2
        other = once.replace('"Complete"', '"Done"')
        assert len(found(*reds, *[red(name, then(other), beside(CONTRACT)) for name in "de"])) == 2

    def test_a_failure_that_names_its_cause_keeps_it(self):
        late = Symptom("too slow in Bake", "1,600 ms of it passed in Bake.", "Then it is in time", declared=True)
        state = [red(name, then("state"), beside(CONTRACT)) for name in "23"]
        assert found(red("1", late, beside(CONTRACT)), *state) == [
            ("state", ["2", "3"]),
            ("1,600 ms of it passed in Bake.", ["1"]),
        ]

    def test_each_promise_of_a_scenario_that_checks_several_can_be_a_cause(self):
        rush = red("rush", then("too slow"), then("never told"), then("lost"))
        assert found(rush, red("1", then("never told"))) == [("too slow", ["rush"]), ("never told", ["1"])]

    def test_it_counts_what_failed_and_what_was_not_checked(self):
        (cause,) = causes_of([red("1", given("a"), word="broken"), red("2", then("a"))])
        assert (cause.failed, cause.not_checked) == (1, 1)
