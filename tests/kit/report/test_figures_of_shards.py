"""The figures of shards, put together: the same as of one run of everything, and a gap where one has none."""

from acceptance.aws.coverage import Coverage, CoverageItem
from acceptance.report.coverage import CoverageReport, Looked
from acceptance.report.figures import ANY_SYSTEM, RUN_FIGURES, RunFigures
from acceptance.service_levels.levels import Distribution, Latency, Levels, Promise


def item(label, count):
    return CoverageItem("state", "Flow", label, count)


def levels(*latencies, key="heard"):
    found = Levels()
    promise = Promise(key, f"It is {key}", "It took", "the start", "Heard", 500, lambda _: None)
    found.take([(promise, Distribution(Latency(ms, ms + 1, ms / 10) for ms in latencies))], "shop")
    return found


def figures(*latencies, items=(), gaps=(), problem="", began=1, ran=2, name="shop", **forms):
    report = CoverageReport(Coverage(list(items), {"Flow": ran}, gaps=gaps), {"Flow › b": "Later."}, "", ran, 0)
    looked = {name: Looked(None, problem) if problem else Looked(report)}
    return RunFigures(levels(*latencies).kept(), looked, forms, ["shop"], began, began + 9, ran, 1)


def test_percentiles_are_those_of_all_latencies_together(tmp_path):
    first, second = list(range(1, 700, 7)), list(range(3000, 3900, 90))
    for name, latencies in (("a", first), ("b", second)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / RUN_FIGURES.file).write_bytes(RUN_FIGURES.as_json(figures(*latencies)))
    merged = RunFigures.merged([RUN_FIGURES.read(tmp_path / name) for name in "ab"])
    [(promise, distribution)] = Levels.of(merged.levels).judged()
    [(_, whole)] = levels(*first, *second).judged()
    assert (promise.key, promise.title, promise.budget) == ("heard", "It is heard", 500)
    assert len(distribution) == len(first) + len(second)
    assert [distribution.percentile(p) for p in (1, 50, 91, 95, 100)] == [
        whole.percentile(p) for p in (1, 50, 91, 95, 100)
    ]
    assert distribution.stood_still == whole.stood_still > 0


def test_what_one_shard_touches_is_touched():
    merged = RunFigures.merged(
        [
            figures(items=[item("a", 2), item("b", 0)], began=5, ran=3, seen=1, never=0),
            figures(items=[item("a", 1), item("b", 4), item("c", 0)], ran=4, seen=2, never=0),
        ]
    )
    report = merged.looked["shop"].report
    assert [(one.label, one.count) for one in report.exercised.items] == [("a", 3), ("b", 4), ("c", 0)]
    assert (report.scenarios, report.left_out, report.exercised.executions) == (7, 2, {"Flow": 7})
    assert merged.forms == {"seen": 3, "never": 0}
    assert (merged.began_ms, merged.ended_ms) == (1, 14)


def test_a_gap_or_a_problem_of_one_is_one_of_all():
    touched = figures(items=[item("a", 1)])
    [gap] = RunFigures.merged([touched, figures(gaps=["x"], name=ANY_SYSTEM)]).looked.values()
    assert list(gap.report.gaps) == ["x"]
    [problem] = RunFigures.merged([touched, figures(problem="It was gone.", name=ANY_SYSTEM)]).looked.values()
    assert problem == Looked(None, "It was gone.")
