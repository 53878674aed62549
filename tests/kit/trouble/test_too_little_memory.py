"""A limit of memory under which the embedded account cannot live: a sentence with what to do, and nothing is left."""

import json

import pytest

resource = pytest.importorskip("resource", reason="looks into limits that only POSIX has")

MEGABYTE = 1 << 20


def at_most(megabytes):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE,) * 2)


@pytest.mark.parametrize("megabytes", [100, 150, 200])
def test_memory_limit_is_told_with_what_to_do(start, tmp_path, megabytes):
    temporary, results = tmp_path / "temporary", tmp_path / "results"
    temporary.mkdir()
    results.mkdir()
    earlier = json.dumps({"uuid": "1", "name": "one", "status": "passed"})
    (results / "earlier-result.json").write_text(earlier)
    smoke = ("features/serverlesspresso", "--tags=@smoke", "-D", "report=no")
    run = start(*smoke, before=at_most(megabytes), TMPDIR=str(temporary))
    assert run.ended() == 1
    assert f"It may use {megabytes} MB of memory: raise that limit (ulimit -v)." in run.output
    assert "Traceback" not in run.output
    assert list(temporary.iterdir()) == []
    assert [path.name for path in results.iterdir()] == ["earlier-result.json"]
