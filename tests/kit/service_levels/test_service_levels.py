"""A verdict is only as sure as the stamps it is made of."""

import pickle

import pytest

from acceptance.service_levels.levels import (
    HIGHEST,
    Compliance,
    Distribution,
    Inconclusive,
    Judgement,
    Latency,
    Levels,
    Promise,
    between_events,
    budget_words,
    from_intended_start,
    judge,
    milliseconds,
)
from acceptance.service_levels.timeline import QUEUE, STEP_FUNCTIONS, STREAM, Hop, Moment, Stamp, Timeline
from support.serverlesspresso.promises import CLAIM

NOON = 1_800_000_000_000


def at(ms, clock=STEP_FUNCTIONS):
    return Stamp(NOON + ms, clock)


def promise(budget=500, ends=None):
    return Promise(
        "key",
        "A claim is shown",
        "Everybody saw {customer}'s order",
        "it was claimed",
        "Told",
        budget,
        ends,
        counted="orders",
    )


def judgement(latency, budget=500, hop=None):
    return Judgement(promise(budget), latency, hop, ["one clock (to 1 ms)"])


class TestLatency:
    @pytest.mark.parametrize(
        ("start", "end", "offset", "expected"),
        [
            (at(0), at(500), 0, (499, 501)),
            (at(0), at(0), 0, (0, 1)),
            (at(0), at(500, QUEUE), 0, (499, 501)),
            (at(0), at(500, QUEUE), 20, (479, 521)),
            (at(0), at(500), 20, (499, 501)),
            (at(0), at(2000, STREAM), 0, (1999, 3000)),
            (at(0, STREAM), at(500), 0, (0, 501)),
            (at(300), at(0, STREAM), 0, (0, 700)),
        ],
        ids=[
            "stamps of a millisecond",
            "never less than nothing",
            "two clocks that agree",
            "two clocks that may differ",
            "one clock does not differ from itself",
            "an end known to the second",
            "a start known to the second",
            "an end that may lie before the start",
        ],
    )
    def test_is_as_wide_as_its_stamps_are_coarse(self, start, end, offset, expected):
        latency = Latency.between(start, end, offset)
        assert (latency.earliest, latency.latest) == expected

    @pytest.mark.parametrize(
        ("earliest", "latest", "verdict"),
        [
            (499, 500, Compliance.MET),
            (0, 1, Compliance.MET),
            (500, 501, Compliance.INCONCLUSIVE),
            (499, 501, Compliance.INCONCLUSIVE),
            (501, 502, Compliance.MISSED),
            (0, 5000, Compliance.INCONCLUSIVE),
        ],
    )
    def test_is_judged_only_where_both_ends_agree(self, earliest, latest, verdict):
        assert Latency(earliest, latest).compliance(500) is verdict

    def test_is_one_figure_where_it_is_exact_and_two_where_it_is_not(self):
        assert Latency(1839, 1841).words == "1,840 ms"
        assert Latency(1000, 2001).words == "between 1,000 ms and 2,001 ms"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (milliseconds(0.4), "0 ms"),
        (milliseconds(1839.5), "1,840 ms"),
        (budget_words(500), "500 ms"),
        (budget_words(1000), "1 s"),
        (budget_words(1500), "1.5 s"),
    ],
)
def test_times_are_written_as_people_write_them(said, expected):
    assert said == expected


class TestJudgement:
    def test_of_a_kept_promise_requires_nothing(self):
        judgement(Latency(100, 102)).require(customer="Ada")

    def test_of_a_missed_promise_says_by_how_much_and_where(self):
        missed = judgement(Latency(1839, 1841), hop=Hop("in the function WaitingCompletion", 1420))
        with pytest.raises(AssertionError) as raised:
            missed.require(customer="Ada")
        assert str(raised.value) == (
            "Everybody saw Ada's order 1,840 ms after it was claimed; the service level is 500 ms, "
            "so that is 1,340 ms late. 1,420 ms of it passed in the function WaitingCompletion."
        )

    def test_that_cannot_be_made_is_no_assertion_and_names_the_clocks(self):
        with pytest.raises(Inconclusive, match=r"timestamps are too coarse: one clock \(to 1 ms\)"):
            judgement(Latency(499, 501)).require(customer="Ada")

    def test_needs_both_ends(self):
        assert judge(promise(ends=lambda timeline: None), Timeline.of("2", [])) is None

    def test_names_the_slowest_hop_between_the_two_ends(self):
        moments = [
            Moment("event", "bus", "One", at(0, QUEUE)),
            Moment("state", "workflow", "Slow", at(10), at(700)),
            Moment("event", "bus", "Other", at(710, QUEUE)),
            Moment("event", "bus", "Much later", at(9000, QUEUE)),
        ]
        made = judge(promise(ends=lambda t: (at(0, QUEUE), at(710, QUEUE))), Timeline.of("2", moments))
        assert made.hop == Hop("in the state “Slow” of the workflow", 690)
        assert made.compliance is Compliance.MISSED
        assert made.clocks == ["SQS SentTimestamp (to 1 ms)"]

    def test_says_that_two_clocks_may_differ(self):
        made = judge(promise(ends=lambda t: (at(0), at(490, QUEUE))), Timeline.of("2", []), offset=20)
        assert made.compliance is Compliance.INCONCLUSIVE
        assert "their clocks may differ by 20 ms" in made.words(customer="Ada")


class TestDistribution:
    def test_tells_the_latency_within_which_so_many_were(self):
        distribution = Distribution(Latency(ms, ms + 2) for ms in range(10, 210, 10))
        assert len(distribution) == 20
        assert distribution.percentile(95) == Latency(190, 192)
        assert distribution.percentile(100) == Latency(200, 202)

    def test_keeps_the_promise_if_one_of_twenty_is_late_and_breaks_it_if_two_are(self):
        nineteen = [Latency(100, 102)] * 19
        Distribution([*nineteen, Latency(900, 902)]).require(promise(), 95)
        with pytest.raises(AssertionError, match="95 % of 20 orders took 901 ms at most; the service level is 500 ms"):
            Distribution([*nineteen[1:], Latency(900, 902), Latency(900, 902)]).require(promise(), 95)

    def test_says_where_the_time_went_for_the_slowest(self):
        with pytest.raises(AssertionError, match="For the slowest, 800 ms passed in the function X"):
            Distribution([Latency(900, 902)]).require(promise(), 95, lambda: Hop("in the function X", 800))

    def test_cannot_be_judged_astride_the_budget(self):
        with pytest.raises(Inconclusive, match="Inconclusive: the timestamps"):
            Distribution([Latency(499, 501)] * 20).require(promise(), 95)

    @pytest.mark.parametrize("orders", [11, 12, 13, 15, 19, 31])
    def test_never_takes_fewer_than_so_many_per_cent(self, orders):
        allowed = orders // 20  # that many may be late
        late = [Latency(900, 902)] * (allowed + 1)
        assert Distribution([Latency(100, 102)] * (orders - len(late)) + late).percentile(95).earliest == 900
        kept = Distribution([Latency(100, 102)] * (orders - allowed) + late[:allowed])
        assert kept.percentile(95).latest == 102

    def test_says_that_some_were_lost_and_blames_nothing_else(self):
        lost = Distribution([Latency(100, 102)] * 18 + [Latency(HIGHEST, HIGHEST)] * 2)
        with pytest.raises(AssertionError) as raised:
            lost.require(promise(), 95, lambda: Hop("in the function X", 90))
        assert str(raised.value) == (
            "A claim is shown: fewer than 95 % of 20 orders got there at all; the service level is 500 ms "
            "(half 101 ms, the slowest was lost)."
        )

    def test_counts_what_was_lost_as_the_longest_wait(self):
        lost = Distribution([Latency(HIGHEST, HIGHEST)])
        assert lost.percentile(95).latest >= HIGHEST
        with pytest.raises(AssertionError):
            lost.require(promise(), 95)

    def test_of_several_runs_comes_from_all_their_orders(self):
        quick, slow = Distribution([Latency(10, 10)] * 90), Distribution([Latency(1000, 1000)] * 10)
        quick.merge(slow)
        assert quick.percentile(90) == Latency(10, 10)
        assert quick.percentile(95).earliest == 1000

    def test_never_rounds_a_late_one_into_the_budget(self):
        ragged = Distribution([Latency(3001.2, 3003.4)])
        assert ragged.percentile(100).earliest <= 3001.2
        assert ragged.percentile(100).latest >= 3003.4

    def test_counts_what_met_its_budget_what_missed_it_and_what_is_neither(self):
        latencies = [Latency(10, 12), Latency(480, 500), Latency(499, 501), Latency(501, 501), Latency(9e6, 9e6)]
        counts = Distribution(latencies).compliance(500)
        assert counts == {Compliance.MET: 2, Compliance.INCONCLUSIVE: 1, Compliance.MISSED: 2}
        assert sum(count for _, count in Distribution(latencies).longest()) == 5
        assert Distribution(latencies).longest()[:3] == [(12, 1), (500, 1), (501, 2)]


def test_a_promise_between_two_events_goes_from_process_to_process():
    ends = pickle.loads(pickle.dumps(between_events("Begun", "Done")))  # noqa: S301 - just made
    assert ends(Timeline.of("1", [])) is None


class TestIntendedStart:
    def test_of_orders_that_came_on_time_is_their_start(self):
        starts = [at(0), at(100), at(200)]
        ends = [at(150), at(250), at(350)]
        assert from_intended_start(starts, ends, [0, 100, 200], [0, 0, 0]) == [Latency(149, 151)] * 3

    def test_does_not_let_a_stall_hide_itself(self):
        starts = [at(0), at(900), at(901)]  # the bus took nothing for 800 ms
        ends = [at(150), at(1050), at(1051)]
        first, second, third = from_intended_start(starts, ends, [0, 100, 200], [0, 0, 0])
        assert first == Latency(149, 151)
        assert second == Latency(949, 951)
        assert third == Latency(850, 852)

    def test_does_not_blame_the_system_for_the_suites_own_delay(self):
        starts, ends = [at(0), at(900)], [at(150), at(1050)]
        _, late = from_intended_start(starts, ends, [0, 100], [0, 800])
        assert late == Latency(149, 951)

    def test_takes_the_schedule_from_whoever_came_closest_to_it(self):
        starts, ends = [at(40), at(100)], [at(190), at(250)]  # the first one was held up
        assert from_intended_start(starts, ends, [0, 100], [0, 0]) == [Latency(189, 191), Latency(149, 151)]

    def test_depends_on_differences_only(self):
        starts, ends = [at(0), at(100)], [at(150), at(250)]
        assert from_intended_start(starts, ends, [7000, 7100], [0, 0]) == [Latency(149, 151)] * 2


def test_levels_collect_every_latency_of_a_promise_whatever_its_budget():
    levels = Levels()
    levels.take([(CLAIM, Distribution([Latency(100, 101)])), (CLAIM.within(400), Distribution([Latency(200, 201)]))])
    levels.take([(CLAIM, Distribution([Latency(300, 301)]))])
    [(kept, distribution)] = levels.judged()
    assert (kept.key, len(distribution)) == (CLAIM.key, 3)
    assert distribution.percentile(100) == Latency(300, 301)
