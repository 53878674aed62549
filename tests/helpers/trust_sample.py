"""Of the tests that are marked `trust`, the campaigns of `make trust`, only a sample runs in every run of the tests.

`--trust-sample=SECONDS` fills it up to so many seconds, by what the cases took the last time (`trust/durations.json`:
{"id of the test": seconds}); each module of tests has its turn, so none is left out because another has more cases.
`--trust-seed=N` repeats a sample. `-m trust`, `-k …` or a test's own id run what they name, as ever.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from places import ROOT

DURATIONS = ROOT / "trust" / "durations.json"
UNKNOWN_SECONDS = 30.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how long the sample may take, and which one it is."""
    group = parser.getgroup("trust")
    group.addoption("--trust-sample", type=float, default=0.0, metavar="SECONDS", help="run so much of `make trust`")
    group.addoption("--trust-seed", type=int, default=None, metavar="N", help="repeat the sample of this seed")


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed, or take that of the process which hands out the tests."""
    if config.option.trust_seed is None:
        drawn = getattr(config, "workerinput", {}).get("trust_seed", random.SystemRandom().randrange(1_000_000))
        config.option.trust_seed = drawn


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give the seed to a worker of pytest-xdist: all of them must draw the same sample."""
    node.workerinput["trust_seed"] = node.config.option.trust_seed


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `trust`, but for the sample."""
    if "trust" in config.option.markexpr or config.option.keyword or any("::" in str(arg) for arg in config.args):
        return
    names = [item.nodeid for item in items if item.get_closest_marker("trust")]
    chosen = set(sample(names, config.option.trust_sample, config.option.trust_seed, durations()))
    left_out = [item for item in items if item.get_closest_marker("trust") and item.nodeid not in chosen]
    items[:] = [item for item in items if item not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the seed, also after a run with `-q`, which has no header."""
    if config.option.trust_sample:
        options = f"--trust-sample={config.option.trust_sample:g} --trust-seed={config.option.trust_seed}"
        terminalreporter.write_line(f"The sample of `make trust` was drawn by {options}, which repeats it.")


def durations() -> dict[str, float]:
    """What each case took the last time, in seconds."""
    return json.loads(DURATIONS.read_text("utf-8")) if DURATIONS.exists() else {}


def sample(names: Sequence[str], seconds: float, seed: int, took: Mapping[str, float]) -> Iterator[str]:
    """Draw cases, one of each module in turn, as long as they fit into the seconds."""
    dice = random.Random(seed)  # noqa: S311 - a sample is no secret
    of_module: dict[str, list[str]] = defaultdict(list)
    for name in dice.sample(sorted(names), len(names)):
        of_module[name.partition("::")[0]].append(name)
    while of_module:
        for module in list(of_module):
            name = of_module[module].pop()
            if not of_module[module]:
                del of_module[module]
            if (needs := took.get(name, UNKNOWN_SECONDS)) <= seconds:
                seconds -= needs
                yield name
