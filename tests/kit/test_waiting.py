"""The waiting verbs on a clock that only a pause moves: no test waits."""

import threading
from itertools import accumulate, islice

import pytest
from hamcrest import contains_string, equal_to, greater_than

from acceptance import waiting
from acceptance.rest import FACTOR, Grace, Look
from acceptance.trouble import Trouble
from acceptance.waiting import DEAD_END_SECONDS, Pace, Waiter

STEADY = Pace(first=0.1, growth=1.0, cap=0.1)


class Cafe:
    """A clock, the requested pauses, and the moments of each poll."""

    def __init__(self, *facts):
        self.now = 0.0
        self.pauses = []
        self.looks = []
        self.facts = facts or (0,)
        self.proved_at = []

    def waiter(self, patience=5.0, quiet=1.0, pace=STEADY, pause=None):
        return Waiter(patience, quiet, pace, lambda: self.now, pause or self.pause, self.prove)

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def prove(self):
        self.proved_at.append(self.now)

    def ask(self):
        """The next fact; the last one stays."""
        self.looks.append(self.now)
        return self.facts[min(len(self.looks), len(self.facts)) - 1]


class Order:
    """An answer with its last news and a dead end."""

    def __init__(self, name, dead_end=None, last_news="", cafe=None):
        self.name = name
        self._dead_end = dead_end
        self.last_news = last_news
        self.cafe = cafe
        self.asked_at = []

    def dead_end(self):
        self.asked_at.append(self.cafe.now if self.cafe else None)
        return self._dead_end

    def __eq__(self, other):
        return self.name == other

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return self.name


def missed(cafe, ask, matcher, **waiter):
    with pytest.raises(AssertionError) as error:
        cafe.waiter(**waiter).eventually(ask, matcher)
    return str(error.value)


class TestPace:
    def test_intervals_grow_to_the_cap_and_stay_there(self):
        pace = Pace(first=1.0, growth=2.0, cap=5.0)
        assert list(islice(pace.intervals(), 6)) == [1.0, 2.0, 4.0, 5.0, 5.0, 5.0]

    @pytest.mark.parametrize("pace", [waiting.EMBEDDED_PACE, waiting.AWS_PACE], ids=["embedded", "aws"])
    def test_every_pace_has_an_interval_and_a_cap(self, pace):
        intervals = list(islice(pace.intervals(), 50))
        assert intervals[0] == pace.first > 0
        assert intervals[-1] == pace.cap


class TestEventually:
    def test_first_matching_answer_is_returned(self):
        cafe = Cafe(1, 2, 7, 8)
        assert cafe.waiter().eventually(cafe.ask, greater_than(5)) == 7

    def test_answer_that_is_there_costs_no_pause(self):
        cafe = Cafe(7)
        cafe.waiter().eventually(cafe.ask, equal_to(7))
        assert (len(cafe.looks), cafe.pauses) == (1, [])

    def test_arguments_are_handed_on(self):
        assert Cafe().waiter().eventually(lambda a, b: a + b, 2, 3, equal_to(5)) == 5

    def test_looks_are_as_far_apart_as_the_pace_says(self):
        cafe = Cafe()
        pace = Pace(first=0.01, growth=2.0, cap=0.05)
        missed(cafe, cafe.ask, equal_to(1), pace=pace)
        assert cafe.looks[:7] == pytest.approx([0, *accumulate([0.01, 0.02, 0.04, 0.05, 0.05, 0.05])])

    @pytest.mark.parametrize("patience", [0.0, 0.05, 0.1, 1.0, 1.04])
    def test_gives_up_when_patience_ends_with_a_last_look(self, patience):
        cafe = Cafe()
        missed(cafe, cafe.ask, equal_to(1), patience=patience)
        assert cafe.looks[-1] == pytest.approx(patience)
        assert cafe.now == pytest.approx(patience)

    def test_what_comes_at_the_last_moment_is_seen(self):
        cafe = Cafe()
        assert cafe.waiter(patience=1.0).eventually(lambda: cafe.now, greater_than(0.99)) == pytest.approx(1.0)

    def test_slow_answers_make_no_wait_longer_than_patience_and_two_answers(self):
        cafe = Cafe()

        def slow():
            cafe.now += 0.7
            return 0

        missed(cafe, slow, equal_to(1), patience=2.0)
        assert cafe.now <= 2.0 + 2 * 0.7 + 1e-6

    def test_pause_that_news_cut_short_is_followed_by_a_look(self):
        cafe = Cafe(0, 1)

        def woken(_seconds):
            cafe.now += 0.001

        cafe.waiter(pause=woken).eventually(cafe.ask, equal_to(1))
        assert cafe.looks == pytest.approx([0, 0.001])

    def test_wait_can_take_more_time_on_top_of_patience(self):
        cafe = Cafe()
        with pytest.raises(AssertionError):
            cafe.waiter(patience=5.0).eventually(cafe.ask, equal_to(1), more=4.0)
        assert cafe.looks[-1] == pytest.approx(9.0)

    @pytest.mark.parametrize(
        ("last_news", "end"),
        [("", ""), ("last event: OrderManager.MakeOrder", " (last event: OrderManager.MakeOrder)")],
        ids=["without news", "with news"],
    )
    def test_message_has_what_was_expected_and_seen_last_and_for_how_long(self, last_news, end):
        cafe = Cafe(Order("first"), Order("second", last_news=last_news))
        message = missed(cafe, cafe.ask, equal_to("third"), patience=0.5)
        assert message == f"Expected: 'third' · but: was <second> · still so after 0.5 s{end}"

    def test_error_of_a_question_is_raised_at_once_and_unchanged(self):
        cafe = Cafe()
        error = KeyError("Item")

        def ask():
            raise error

        with pytest.raises(KeyError) as raised:
            cafe.waiter().eventually(ask, equal_to(1))
        assert (raised.value, cafe.pauses) == (error, [])


class TestDeafness:
    """A missing event is a broken promise only if it would have been received."""

    @pytest.fixture
    def deaf(self):
        """A waiter whose tap no longer receives anything, and its clock."""
        cafe = Cafe()

        def prove():
            raise Trouble("deaf")

        return Waiter(5.0, 1.0, STEADY, lambda: cafe.now, cafe.pause, prove), cafe

    def test_miss_is_told_once_it_is_proved_that_it_would_have_been_heard(self):
        cafe = Cafe()
        missed(cafe, cafe.ask, equal_to(1), patience=2.0)
        assert cafe.proved_at == pytest.approx([2.0])

    def test_what_was_under_way_at_the_end_of_patience_is_seen(self):
        cafe = Cafe()
        told = []
        waiter = Waiter(2.0, 1.0, STEADY, lambda: cafe.now, cafe.pause, lambda: told.append("ready"))
        assert waiter.eventually(lambda: " ".join(told), contains_string("ready")) == "ready"

    def test_miss_of_a_deaf_tap_is_trouble_and_no_broken_promise(self, deaf):
        waiter, cafe = deaf
        with pytest.raises(Trouble, match="deaf"):
            waiter.eventually(cafe.ask, equal_to(1))
        assert cafe.now == pytest.approx(5.0)

    def test_what_comes_needs_no_proof(self):
        cafe = Cafe(0, 0, 1)
        cafe.waiter().eventually(cafe.ask, equal_to(1))
        assert cafe.proved_at == []

    def test_refusal_needs_no_proof(self):
        """A dead end is read from the workflows, whatever the tap receives."""
        cafe = Cafe(Order("unclaimed", "refused"))
        missed(cafe, cafe.ask, equal_to("claimed"))
        assert cafe.proved_at == []

    def test_settling_without_an_answer_is_proved_too(self, deaf):
        """Settling code judges by what has arrived, e.g. how many orders of a rush hour are lost."""
        waiter, cafe = deaf
        with pytest.raises(Trouble, match="deaf"):
            waiter.settle(cafe.ask, equal_to(1), patience=2.0)
        assert cafe.now == pytest.approx(2.0)

    def test_settling_sees_what_was_under_way(self):
        cafe = Cafe()
        told = []
        waiter = Waiter(2.0, 1.0, STEADY, lambda: cafe.now, cafe.pause, lambda: told.append("ready"))
        assert waiter.settle(lambda: list(told), equal_to(["ready"]), patience=1.0) == ["ready"]


class TestDeadEnd:
    def test_says_why_the_answer_can_no_longer_come(self):
        cafe = Cafe(Order("unclaimed", "the café refused to let it be claimed", "no event so far"))
        assert missed(cafe, cafe.ask, equal_to("claimed")) == (
            "Expected: 'claimed' · but: was <unclaimed> · after 0.3 s it can no longer come: "
            "the café refused to let it be claimed (no event so far)"
        )

    def test_ends_the_wait_early(self):
        cafe = Cafe(Order("unclaimed", "refused"))
        missed(cafe, cafe.ask, equal_to("claimed"), patience=60.0)
        assert cafe.looks[-1] <= DEAD_END_SECONDS + STEADY.cap

    def test_fact_that_came_in_between_wins(self):
        cafe = Cafe()
        facts = [Order("unclaimed", "refused")]

        def ask():
            seen = facts[-1]
            if seen.asked_at:
                return "claimed"
            return seen

        assert cafe.waiter().eventually(ask, equal_to("claimed")) == "claimed"

    def test_exactly_one_more_look_follows(self):
        cafe = Cafe()
        order = Order("unclaimed", "refused", cafe=cafe)
        looks = []

        def ask():
            looks.append(bool(order.asked_at))
            return order

        missed(cafe, ask, equal_to("claimed"))
        assert looks.count(True) == 1

    def test_is_not_asked_for_before_a_while_nor_more_often(self):
        cafe = Cafe()
        order = Order("unclaimed", cafe=cafe)
        missed(cafe, lambda: order, equal_to("claimed"), patience=3.0)
        gaps = [later - earlier for earlier, later in zip([0.0, *order.asked_at], order.asked_at, strict=False)]
        assert min(gaps) >= DEAD_END_SECONDS - 1e-6
        assert len(order.asked_at) >= 7

    def test_question_for_it_makes_no_look_come_early(self):
        cafe = Cafe(Order("unclaimed"))
        missed(cafe, cafe.ask, equal_to("claimed"), patience=1.0, pace=Pace(first=0.125, growth=1.0, cap=0.125))
        assert cafe.looks == [*(step * 0.125 for step in range(9)), 1.0]  # the last one follows the proof

    def test_answer_without_one_waits_on(self):
        cafe = Cafe("text")
        missed(cafe, cafe.ask, equal_to("other"), patience=2.0)
        assert cafe.looks[-1] == pytest.approx(2.0)

    def test_error_of_it_is_raised_unchanged(self):
        class Broken:
            def dead_end(self):
                raise ConnectionError("gone")

        with pytest.raises(ConnectionError, match="gone"):
            Cafe().waiter().eventually(Broken, equal_to(1))


class Activity:
    """What is under way at each moment of a clock: the last of these looks whose time has come."""

    def __init__(self, cafe, **looks):
        self.cafe = cafe
        self.looks = {float(at.removeprefix("at_").replace("_", ".")): look for at, look in looks.items()}
        self.patience = []

    def look(self, patience):
        self.patience.append(patience)
        return [look for at, look in self.looks.items() if at <= self.cafe.now][-1]


# The longest interval between polls, in s.
A_LOOK = DEAD_END_SECONDS + STEADY.cap
QUIET, BUSY = Look(at_rest="1 order ended", sign=1), Look(under_way="the function Store", sign=1)


class TestRest:
    """A wait ends once nothing is under way that could still bring what is waited for."""

    def miss(self, cafe, patience=20.0, grace=None, **looks):
        """Return the message of a wait in vain, and how long it took."""
        activity = Activity(cafe, **looks)
        waiter = Waiter(
            patience, 1.0, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, activity, grace or Grace(1.0, 5.0)
        )
        with pytest.raises(AssertionError) as error:
            waiter.eventually(cafe.ask, equal_to(1))
        return str(error.value)

    def test_ends_the_wait_and_says_what_has_ended(self):
        cafe = Cafe()
        assert self.miss(cafe, at_0=QUIET) == (
            f"Expected: <1> · but: was <0> · after {cafe.now:.1f} s nothing was running any more (1 order ended)"
        )
        assert cafe.proved_at == [cafe.now]
        assert 1.0 <= cafe.now <= 1.0 + A_LOOK

    def test_what_takes_its_time_is_waited_for(self):
        cafe = Cafe()
        assert "nothing was running" in self.miss(cafe, at_0=BUSY, at_9=QUIET)
        assert 10.0 - A_LOOK <= cafe.now <= 10.0 + A_LOOK

    def test_what_never_ends_is_waited_for_as_long_as_patience_lasts_and_named(self):
        cafe = Cafe()
        message = self.miss(cafe, patience=4.0, at_0=BUSY)
        assert message.endswith("still so after 4.0 s, with this under way: the function Store")

    def test_each_sign_of_life_begins_a_new_grace(self):
        cafe = Cafe()
        signs = {f"at_{at}": Look(sign=at) for at in (0, 1, 2, 3)}
        assert "nothing was running" in self.miss(cafe, **signs)
        assert 4.0 <= cafe.now <= 3.0 + 2 * FACTOR + A_LOOK

    def test_what_the_proof_lets_in_is_a_sign_of_life(self):
        cafe = Cafe()
        activity = Activity(cafe, at_0=QUIET)

        def prove():
            cafe.prove()
            activity.looks[cafe.now] = Look(sign="news")

        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, prove, activity, Grace(1.0, 5.0))
        with pytest.raises(AssertionError):
            waiter.eventually(cafe.ask, equal_to(1))
        first, second = cafe.proved_at
        assert second - first >= FACTOR * (first - A_LOOK)  # silences may last that long here

    def test_where_not_everything_can_be_seen_it_takes_longer(self):
        cafe = Cafe()
        message = self.miss(cafe, at_0=Look(unsure="functions' logs may not be read", sign=1))
        assert message.endswith("nothing was running any more (functions' logs may not be read)")
        assert 5.0 <= cafe.now <= 5.0 + A_LOOK

    def test_what_comes_in_the_grace_time_is_seen(self):
        cafe = Cafe(*[0] * 11, 1)
        activity = Activity(cafe, at_0=QUIET)
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, activity, Grace(1.0, 5.0))
        assert waiter.eventually(cafe.ask, equal_to(1)) == 1

    def test_what_comes_with_the_proof_is_seen(self):
        cafe = Cafe()
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=QUIET))
        assert waiter.eventually(lambda: len(cafe.proved_at), equal_to(1)) == 1

    def test_grace_is_longer_than_the_longest_silence_so_far(self):
        cafe = Cafe(*[0] * 18, 1, 0)
        grace = Grace(2.0, 5.0)
        activity = Activity(cafe, at_0=QUIET)
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, activity, grace)
        waiter.eventually(cafe.ask, equal_to(1))
        silence, cafe.now = cafe.now, 0.0
        assert silence == pytest.approx(1.8)
        self.miss(cafe, grace=grace, at_0=QUIET)
        assert FACTOR * (silence - A_LOOK) <= cafe.now <= FACTOR * silence + A_LOOK

    def test_silences_of_what_cannot_be_seen_are_learned_apart(self):
        grace = Grace(1.0, 5.0)
        unsure = Look(unsure="functions' logs may not be read")
        grace.learn(4.0, unsure)
        assert grace.after(QUIET) == 1.0
        assert grace.after(unsure) == FACTOR * 4.0
        grace.learn(3.0, QUIET)
        assert grace.after(QUIET) == FACTOR * 3.0

    def test_time_that_a_look_takes_is_no_silence(self):
        cafe = Cafe(0, 0, 0, 0, 1)
        grace = Grace(1.0, 5.0)

        class Slow(Activity):
            def look(self, patience):
                cafe.now += 8
                return super().look(patience)

        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Slow(cafe, at_0=QUIET), grace)
        waiter.eventually(cafe.ask, equal_to(1))
        assert grace.after(QUIET) == 1.0

    def test_what_took_its_time_is_no_silence(self):
        cafe = Cafe(*[0] * 80, 1, 0)
        grace = Grace(1.0, 5.0)
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=BUSY), grace)
        waiter.eventually(cafe.ask, equal_to(1))
        assert grace.after(QUIET) == 1.0

    def test_what_others_bring_about_is_waited_for(self):
        cafe = Cafe()
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=QUIET))
        with pytest.raises(AssertionError, match=r"still so after 20\.0 s"):
            waiter.eventually(cafe.ask, equal_to(1), even_at_rest=True)

    def test_a_system_knows_how_long_the_wait_may_last(self):
        cafe = Cafe()
        activity = Activity(cafe, at_0=QUIET)
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, activity)
        with pytest.raises(AssertionError):
            waiter.eventually(cafe.ask, equal_to(1), more=300)
        assert set(activity.patience) == {320}

    def test_settling_ends_at_rest_too(self):
        cafe = Cafe()
        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=QUIET))
        assert waiter.settle(cafe.ask, equal_to(1)) == 0
        assert cafe.proved_at == [cafe.now]
        assert 1.0 <= cafe.now <= 1.0 + A_LOOK

    def test_never_stays_for_its_quiet_time(self):
        cafe = Cafe()
        waiter = Waiter(20, 3, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=QUIET))
        waiter.never(cafe.ask, equal_to(1))
        assert cafe.now == pytest.approx(3.0)

    def test_never_waits_for_what_is_under_way_and_notices_what_it_brings(self):
        cafe = Cafe(*[0] * 60, 1)
        waiter = Waiter(
            20, 0.2, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=BUSY, at_4=QUIET)
        )
        with pytest.raises(AssertionError, match="never <1>"):
            waiter.never(cafe.ask, equal_to(1))
        cafe = Cafe()
        activity = Activity(cafe, at_0=BUSY, at_4=QUIET)
        Waiter(20, 0.2, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, activity).never(cafe.ask, equal_to(1))
        assert 4.2 <= cafe.now <= 4.4
        assert cafe.proved_at[0] >= 4.0
        assert set(activity.patience) == {0.2}, "a timer that ends later is not waited for"

    @pytest.mark.parametrize(
        ("look", "seconds"), [(BUSY, 5.2), (Look(under_way="what a pipe takes", endless=True), 0.2)]
    )
    def test_never_waits_no_longer_than_a_part_of_its_patience_and_not_for_what_nobody_sees(self, look, seconds):
        cafe = Cafe()
        waiter = Waiter(20, 0.2, STEADY, lambda: cafe.now, cafe.pause, cafe.prove, Activity(cafe, at_0=look))
        waiter.never(cafe.ask, equal_to(1))
        assert cafe.now == pytest.approx(seconds, abs=0.1)

    def test_deaf_tap_is_trouble_and_no_rest(self):
        cafe = Cafe()

        def prove():
            raise Trouble("deaf")

        waiter = Waiter(20, 1, STEADY, lambda: cafe.now, cafe.pause, prove, Activity(cafe, at_0=QUIET))
        with pytest.raises(Trouble, match="deaf"):
            waiter.eventually(cafe.ask, equal_to(1))


class TestNever:
    def test_what_is_there_already_fails_at_once(self):
        cafe = Cafe(1)
        with pytest.raises(AssertionError) as error:
            cafe.waiter().never(cafe.ask, equal_to(1))
        assert str(error.value) == "Expected: never <1> · but: was <1> · seen at once"
        assert (cafe.pauses, cafe.proved_at) == ([], [])

    def test_what_was_under_way_fails(self):
        cafe = Cafe()
        told = []
        waiter = Waiter(5.0, 1.0, STEADY, lambda: cafe.now, cafe.pause, lambda: told.append("cancelled"))
        with pytest.raises(AssertionError, match="Expected: never a string containing 'cancelled'"):
            waiter.never(lambda: " ".join(told), contains_string("cancelled"))
        assert cafe.pauses == []

    @pytest.mark.parametrize("at", [3, 7, 12], ids=["early", "later", "last look"])
    def test_what_comes_in_the_quiet_time_fails(self, at):
        cafe = Cafe(*[0] * (at - 1), 1)
        with pytest.raises(AssertionError, match=rf"but: was <1> · seen after {(at - 2) * 0.1:.1f} s"):
            cafe.waiter().never(cafe.ask, equal_to(1))

    def test_silence_passes_with_the_last_answer(self):
        cafe = Cafe(3, 4, 5)
        assert cafe.waiter().never(cafe.ask, equal_to(1)) == 5

    def test_stays_for_the_whole_quiet_time_and_looks_at_its_end(self):
        cafe = Cafe()
        cafe.waiter(quiet=1.05).never(cafe.ask, equal_to(1))
        assert cafe.looks[-1] == pytest.approx(1.05)

    def test_quiet_time_begins_once_the_marker_has_come(self):
        cafe = Cafe()

        def prove():
            cafe.now += 4.0

        Waiter(5.0, 1.0, STEADY, lambda: cafe.now, cafe.pause, prove).never(cafe.ask, equal_to(1))
        assert (cafe.looks[0], cafe.looks[1], cafe.looks[-1]) == pytest.approx((0, 4.0, 5.0))

    def test_proves_once_that_it_listens(self):
        cafe = Cafe()
        cafe.waiter().never(cafe.ask, equal_to(1))
        assert cafe.proved_at == [0.0]

    @pytest.mark.parametrize("good_looks", [0, 1, 4], ids=["at once", "after the marker", "in the quiet time"])
    def test_error_of_a_question_is_raised_unchanged(self, good_looks):
        looks = iter([0] * good_looks)
        with pytest.raises(StopIteration):
            Cafe().waiter().never(lambda: next(looks), equal_to(1))

    def test_tap_that_is_deaf_proves_nothing(self):
        def deaf():
            raise ConnectionError("deaf")

        with pytest.raises(ConnectionError):
            Waiter(5.0, 1.0, prove_listening=deaf).never(lambda: 0, equal_to(1))


class TestSettle:
    def test_returns_as_soon_as_there_is_something_to_judge(self):
        cafe = Cafe(1, 2, 3)
        assert cafe.waiter().settle(cafe.ask, equal_to(2), patience=5) == 2
        assert cafe.now == pytest.approx(0.1)

    def test_raises_nothing_and_returns_the_last_answer_when_patience_ends(self):
        cafe = Cafe(1)
        assert cafe.waiter().settle(cafe.ask, equal_to(2), patience=0.35) == 1
        assert cafe.now == pytest.approx(0.35)

    def test_has_the_usual_patience_if_none_is_given(self):
        cafe = Cafe(1)
        assert cafe.waiter(patience=0.35).settle(cafe.ask, equal_to(2)) == 1
        assert cafe.now == pytest.approx(0.35)

    def test_hands_its_arguments_on(self):
        assert Cafe().waiter().settle(lambda *given: given, 1, 2, equal_to((1, 2)), patience=0) == (1, 2)


class TestSchedule:
    def test_begins_each_act_at_its_own_time(self):
        cafe = Cafe()
        begun = []
        acts = [lambda name=name: begun.append(name) or name for name in "abc"]
        done = cafe.waiter().by_schedule(acts, every=0.5)
        assert [one.result for one in done] == ["a", "b", "c"]
        assert [one.due for one in done] == [0, 500, 1000]
        assert cafe.now == pytest.approx(1.0)

    def test_waits_again_when_news_has_woken_it_early(self):
        cafe = Cafe()
        waiter = cafe.waiter(pause=lambda seconds: cafe.pause(min(seconds, 0.2)))
        waiter.by_schedule([lambda: None, lambda: None], every=0.5)
        assert cafe.now == pytest.approx(0.5)

    def test_is_not_held_up_by_an_act_that_takes_long(self):
        release = threading.Event()
        done = Waiter(5, 1).by_schedule([lambda: release.wait(10), release.set], every=0.01)
        assert done[0].result is True

    def test_says_how_late_it_was_itself(self):
        cafe = Cafe()

        def overslept(seconds):
            cafe.pause(seconds + 0.3)

        done = cafe.waiter(pause=overslept).by_schedule([lambda: None] * 3, every=0.5)
        assert [round(one.late) for one in done] == [0, 300, 300]

    def test_raises_what_an_act_raises(self):
        with pytest.raises(ValueError, match="no milk"):
            Cafe().waiter().by_schedule([lambda: (_ for _ in ()).throw(ValueError("no milk"))], every=0.1)

    def test_of_nothing_is_over_at_once(self):
        assert Cafe().waiter().by_schedule([], every=1) == []
