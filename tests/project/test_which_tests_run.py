"""Which tests run: a sample of the campaigns that a seed repeats, and none that is slow when it should be quick."""

import json
import textwrap

import pytest
import trust_sample
from places import ROOT

CASES = [f"trust/{module}.py::test[{number}]" for module, many in (("a", 50), ("b", 5)) for number in range(many)]
TOOK = dict.fromkeys(CASES, 2.0)


def drawn(seconds=20, seed=1, took=TOOK):
    return list(trust_sample.sample(CASES, seconds, seed, took))


class TestSample:
    def test_fills_the_time(self):
        assert len(drawn(20)) == 10
        assert drawn(0) == []
        assert drawn(1.9) == []
        assert sorted(drawn(1000)) == sorted(CASES)

    def test_is_repeated_by_its_seed(self):
        assert drawn(seed=1) == drawn(seed=1)
        assert drawn(seed=1) != drawn(seed=2)

    def test_does_not_depend_on_the_order_in_which_cases_are_found(self):
        assert drawn() == list(trust_sample.sample(CASES[::-1], 20, 1, TOOK))

    def test_gives_each_module_its_turn(self):
        assert sum(name.startswith("trust/b") for name in drawn(20)) == 5

    def test_takes_what_still_fits_when_a_dear_case_does_not(self):
        dear = {**TOOK, **dict.fromkeys(CASES[:50], 100.0)}
        assert sorted(drawn(20, took=dear)) == sorted(CASES[50:])

    def test_a_case_that_was_never_timed_is_taken_to_be_dear(self):
        assert len(drawn(60, took={})) == 2


TESTS = """
    import subprocess, sys
    import pytest

    @pytest.fixture
    def cafe_account(): pass

    def test_quick(): pass
    def test_cloud(cafe_account): pass
    def test_program(): subprocess.run([sys.executable, "-c", ""], check=True)

    @pytest.mark.trust
    @pytest.mark.parametrize("number", range(10))
    def test_campaign(number): pass
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with tests of all kinds, which has the plugins of this one."""
    markers = "\n".join(f"    {name}: a marker" for name in ("cloud", "browser", "node", "runs", "trust"))
    pytester.makeini(f"[pytest]\npythonpath = {ROOT} {ROOT / 'tests' / 'helpers'}\nmarkers =\n{markers}\n")
    pytester.makeconftest('pytest_plugins = ["quick", "trust_sample"]\n')
    pytester.makepyfile(test_kinds=textwrap.dedent(TESTS))
    took = pytester.path / "durations.json"
    took.write_text(json.dumps({f"test_kinds.py::test_campaign[{number}]": 1.0 for number in range(10)}))
    monkeypatch.setattr(trust_sample, "DURATIONS", took)
    return pytester


class TestRun:
    def test_leaves_the_campaigns_out(self, project):
        project.runpytest("-q").assert_outcomes(passed=3, deselected=10)

    @pytest.mark.parametrize("named", [("-m", "trust"), ("-k", "campaign"), ("test_kinds.py::test_campaign",)])
    def test_runs_the_campaigns_that_are_named(self, project, named):
        outcomes = project.runpytest("-q", *named).parseoutcomes()
        assert outcomes["passed"] == 10

    def test_runs_a_sample_and_says_what_repeats_it(self, project):
        ran = project.runpytest("-q", "--trust-sample=4", "--trust-seed=7")
        ran.assert_outcomes(passed=7, deselected=6)
        ran.stdout.fnmatch_lines(["*was drawn by --trust-sample=4 --trust-seed=7, which repeats it."])

    def test_draws_another_sample_each_time(self, project):
        seeds = {project.runpytest("-q", "--trust-sample=4").outlines[-2] for _ in range(3)}
        assert len(seeds) > 1

    def test_draws_the_same_sample_in_all_processes(self, project):
        seconds = 3 * trust_sample.UNKNOWN_SECONDS  # the processes do not see the durations of this test
        ran = project.runpytest_subprocess("-q", "-n", "2", f"--trust-sample={seconds}", "-p", "no:cacheprovider")
        assert "Different tests were collected" not in ran.stdout.str()
        ran.assert_outcomes(passed=6)


class TestQuickRun:
    def test_leaves_out_what_asks_for_something_slow(self, project):
        project.runpytest("-q", "--quick").assert_outcomes(passed=2, deselected=11)

    @pytest.mark.parametrize(
        ("command", "marker"),
        [
            ('sys.executable, "-m", "behave", "--version"', "runs"),
            ('sys.executable, "-m", "acceptance.aws.emulator"', "cloud"),
            ('"/opt/node/bin/node", "--version"', "node"),
        ],
    )
    def test_refuses_a_slow_test_that_does_not_say_so(self, project, command, marker):
        code = f"import subprocess, sys\n\ndef test_slow(): subprocess.run([{command}], check=False)\n"
        project.makepyfile(test_slow=code)
        ran = project.runpytest("-q", "--quick", "test_slow.py")
        ran.assert_outcomes(failed=1)
        ran.stdout.fnmatch_lines([f"starts *: mark it {marker}, for it is not quick"])
