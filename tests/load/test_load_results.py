"""What workers have seen is merged as histograms, and each order's number is compared with every other one's."""

from acceptance.service_levels.levels import HIGHEST, Distribution, Latency
from load.results import BEGUN, SERVED, Numbered, Results, given_twice, over_time, percentiles
from load.usage import growth


def seen(*milliseconds, key="scan"):
    results = Results()
    results.counts.update({BEGUN: len(milliseconds), SERVED: len(milliseconds)})
    for ms in milliseconds:
        results.level(key).add(Latency(ms, ms))
    return results


def test_percentiles_are_those_of_all_and_no_average_of_the_workers():
    whole = Results()
    whole.take(seen(*[10] * 99).packed(at=1))
    whole.take(seen(1000).packed(at=1))
    assert whole.levels["scan"].percentile(95).latest == 10
    assert whole.levels["scan"].percentile(100).latest >= 1000
    assert (whole.counts[BEGUN], whole.under_way) == (100, 0)


def test_what_was_packed_is_the_same_as_before():
    one = Distribution([Latency(3, 5), Latency(700, 900, 12.0)])
    other = Distribution.unpacked(one.packed())
    assert [other.percentile(p) for p in (50, 100)] == [one.percentile(p) for p in (50, 100)]
    assert (len(other), other.stood_still) == (2, 12.0)


def test_percentiles_over_time_are_merged_within_each_piece():
    whole = Results()
    for at, ms in ((100, 10), (101, 30), (105, 20)):
        whole.take(seen(ms).packed(at))
    assert [(at, len(level)) for at, level in over_time(whole, "scan", 5).items()] == [(100, 2), (105, 1)]


def test_two_open_orders_with_one_number_are_found_whichever_worker_saw_them():
    first, second = Numbered("7", "a", 0, 100), Numbered("7", "b", 50, 120)
    whole = Results()
    for one in (second, first):
        part = Results(numbers=[one])
        whole.take(part.packed(at=1))
    assert given_twice(whole.numbers) == [(first, second)]


def test_a_number_that_is_free_again_may_be_given_again():
    assert given_twice([Numbered("7", "a", 0, 100), Numbered("7", "b", 101, 120), Numbered("8", "c", 0, 500)]) == []


def test_all_percentiles_of_one_walk_are_those_of_the_histogram():
    level = Distribution([*(Latency(ms, ms) for ms in range(1, 98)), *[Latency(HIGHEST, HIGHEST)] * 3])
    percents = (1, 50, 95, 97, 99, 100)
    assert percentiles(level, percents) == [level.percentile(percent).latest for percent in percents]
    assert percentiles(level, percents)[-1] >= HIGHEST


def test_growth_is_that_of_a_worker_that_is_warm():
    warm = [(came, 50_000_000 + 1000 * came) for came in range(200, 1200, 100)]
    assert growth([[(0, 10), (100, 40_000_000), *warm], [(0, 10)]]) == 1000


def test_a_short_run_tells_nothing_of_growth():
    assert growth([[(0, 10), (100, 20), (190, 30)]]) is None
