"""How scenarios are shared out among shards: each once, evenly, groups whole, and the same on every machine."""

import json
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

from acceptance.behave_adapter import features_of
from acceptance.report.configured import configured
from acceptance.report.run import Run
from acceptance.report.selection import Identity, identities, is_selected
from acceptance.report.shards.durations import read_durations, record
from acceptance.report.shards.shard import numbers
from acceptance.runner.division import _grouped, _milliseconds, divide, shared_out
from acceptance.trouble import Trouble

groups_and_count = st.tuples(
    st.lists(st.lists(st.integers(0, 90_000), min_size=1, max_size=4), max_size=20), st.integers(1, 30)
)


def named(groups):
    """Give each scenario a key: the groups of keys, and how long each takes."""
    keys = [[f"{g}.{n}" for n in range(len(group))] for g, group in enumerate(groups)]
    return keys, {key: ms for own, group in zip(keys, groups, strict=True) for key, ms in zip(own, group, strict=True)}


@given(groups_and_count, st.randoms())
def test_each_scenario_is_in_one_shard_with_its_group_whatever_the_order(drawn, at_random):
    durations, of = drawn
    groups, ms = named(durations)
    plan = shared_out(groups, ms, of)
    assert sorted(plan) == sorted(ms)
    assert set(plan.values()) <= set(range(1, of + 1))
    assert all(len({plan[key] for key in group}) == 1 for group in groups)
    others = [at_random.sample(group, len(group)) for group in groups]
    assert shared_out(at_random.sample(others, len(others)), ms, of) == plan


@given(groups_and_count)
def test_no_shard_is_longer_than_another_by_more_than_one_group(drawn):
    durations, of = drawn
    groups, ms = named(durations)
    plan = shared_out(groups, ms, of)
    loads = [sum(ms[key] for key, own in plan.items() if own == n) for n in range(1, of + 1)]
    assert max(loads) - min(loads) <= max((sum(group) for group in durations), default=0)


def test_many_more_shards_than_scenarios_take_no_time():
    assert set(shared_out([["a"], ["b"]], {"a": 1, "b": 2}, 999_999_999).values()) == {1, 2}


def scenario(key, *tags):
    return SimpleNamespace(effective_tags=tags), Identity(key, key, f"{key[0]}.feature")


def test_scenarios_that_share_a_tag_are_one_group_also_by_others():
    found = _grouped(
        [scenario("a", "x"), scenario("b"), scenario("c", "y"), scenario("d", "x", "y"), scenario("e", "other")],
        {"x", "y"},
    )
    assert sorted(map(sorted, found)) == [["a", "c", "d"], ["b"], ["e"]]


def test_what_is_not_recorded_takes_what_its_file_does_on_average_or_all():
    names = [scenario(key)[1] for key in ("a1", "a2", "a3", "b1")]
    recorded = {"a1": 2, "a2": 4.0, "gone": 99}
    assert _milliseconds(names, recorded) == {"a1": 2000, "a2": 4000, "a3": 3000, "b1": 3000}
    assert set(_milliseconds(names, {}).values()) == {1000}


@pytest.mark.parametrize(("written", "meant"), [("1/1", (1, 1)), ("2/5", (2, 5)), (" 2/5 ", (2, 5)), ("02/05", (2, 5))])
def test_a_shard_is_its_number_and_how_many_there_are(written, meant):
    assert numbers(written) == meant


@pytest.mark.parametrize(
    "written", ["0/5", "6/5", "0/0", "2", "2/", "/5", "2/5/1", "-1/5", "1.0/5", "two/five", "٢/٥", "1/9999999999"]
)
def test_another_one_is_refused_in_a_sentence(written):
    with pytest.raises(Trouble, match=r"^(There is no shard|The setting shard is) .*\.$"):
        numbers(written)


def line(timestamp, **taken):
    results = {
        key: {"id": f"{timestamp}{key}", "fullName": key, "status": status, "duration": ms}
        for key, (status, ms) in taken.items()
    }
    return json.dumps({"timestamp": timestamp, "testResults": results, "metrics": {}})


class TestDurations:
    def test_the_median_of_a_history_is_recorded_and_others_stay(self, tmp_path):
        history, file = tmp_path / "history.jsonl", tmp_path / "durations.json"
        runs = [line(n, a=("passed", ms), b=("failed", 9)) for n, ms in enumerate((1000, 9000, 2000))]
        history.write_text("\n".join([*runs, "cut off"]), encoding="utf-8")
        file.write_text('{"elsewhere": 4, "a": 7}', encoding="utf-8")
        assert record(history, file) == 1
        assert json.loads(file.read_text(encoding="utf-8")) == {"a": 2.0, "elsewhere": 4}

    def test_a_history_that_tells_of_nothing_changes_nothing(self, tmp_path):
        with pytest.raises(Trouble, match="tells of no scenario that passed"):
            record(tmp_path / "none.jsonl", tmp_path / "durations.json")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "content", ["", "[]", '{"a": "3"}', '{"a": -1}', '{"a": true}', '{"a": NaN}', '{"a": null}']
    )
    def test_a_file_that_is_none_is_refused_in_a_sentence(self, tmp_path, content):
        file = tmp_path / "durations.json"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(Trouble, match=r"durations.json cannot be read: "):
            read_durations(file)

    def test_the_checksum_is_of_what_it_says(self, tmp_path):
        told = {f"{n}": n / 2 for n in range(9)}
        for n, items in enumerate((told.items(), reversed(told.items()))):
            (tmp_path / f"{n}.json").write_text(json.dumps(dict(items), indent=n), encoding="utf-8")
        first, second = (read_durations(tmp_path / f"{n}.json") for n in range(2))
        assert first == second


@pytest.mark.parametrize(
    ("target", "tags"), [("embedded", {"crowd", "online", "retail", "terminals"}), ("aws", {"app"})]
)
def test_the_shards_of_this_repository_are_whole_and_tear_nothing_apart(target, tags, monkeypatch):
    monkeypatch.chdir(ROOT)
    for stream in ("stdout", "stderr"):  # a run puts cleaned ones in their places
        monkeypatch.setattr(sys, stream, getattr(sys, stream))
    found, torn = [], {}
    for n in (1, 2, 3):
        config = configured([f"-Dshard={n}/3", f"-Dtarget={target}", "--dry-run", "features"])
        config.base_dir = str(ROOT)
        features = features_of(config)
        assert divide(features, config).startswith(f"Shard {n}/3: ")
        own = [(s, i.key) for f in features for s, i in identities(f, config) if is_selected(s, config)]
        found += [key for _, key in own]
        assert {key for _, key in own} == set(Run.of(config).shard.keys)
        for tag in tags:
            torn.setdefault(tag, set()).update({n} if any(tag in s.effective_tags for s, _ in own) else ())
    assert sorted(found) == sorted(Run.of(config).shard.plan)
    assert len(found) == len(set(found)) > 400
    assert {tag: len(shards) for tag, shards in torn.items()} == dict.fromkeys(tags, 1)
