"""A quick run leaves out what starts an emulator, a browser, Node or behave, and catches what does not say so."""

import textwrap

import pytest
from places import ROOT

TESTS = """
    import subprocess, sys
    import pytest

    @pytest.fixture
    def cafe_account(): pass

    def test_quick(): pass
    def test_cloud(cafe_account): pass
    def test_program(): subprocess.run([sys.executable, "-c", ""], check=True)
"""


@pytest.fixture
def project(pytester):
    """A project with tests of all kinds, which has the plugins of this one."""
    markers = "\n".join(f"    {name}: a marker" for name in ("cloud", "browser", "node", "runs"))
    pytester.makeini(f"[pytest]\npythonpath = {ROOT} {ROOT / 'tests' / 'helpers'}\nmarkers =\n{markers}\n")
    pytester.makeconftest('pytest_plugins = ["quick"]\n')
    pytester.makepyfile(test_kinds=textwrap.dedent(TESTS))
    return pytester


def test_leaves_out_what_asks_for_something_slow(project):
    project.runpytest("-q", "--quick").assert_outcomes(passed=2, deselected=1)


@pytest.mark.parametrize(
    ("command", "marker"),
    [
        ('sys.executable, "-m", "behave", "--version"', "runs"),
        ('sys.executable, "-m", "acceptance.aws.emulator"', "cloud"),
        ('"/opt/node/bin/node", "--version"', "node"),
    ],
)
def test_refuses_a_slow_test_that_does_not_say_so(project, command, marker):
    code = f"import subprocess, sys\n\ndef test_slow(): subprocess.run([{command}], check=False)\n"
    project.makepyfile(test_slow=code)
    ran = project.runpytest("-q", "--quick", "test_slow.py")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines([f"starts *: mark it {marker}, for it is not quick"])
