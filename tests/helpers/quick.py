"""`--quick`: only the tests that start no emulator, no browser, no Node, no run of behave, and are not marked `slow`.

A test is recognized by a fixture that starts such a thing, or by a marker. A test that starts one without either fails
in a quick run, with a message that names the missing marker.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The markers, and the fixtures that imply each.
SLOW = {
    "cloud": {"cafe_account"},
    "browser": {"browser"},
    "node": set(),
    "runs": {"start", "behave", "suite", "project", "shared_project", "second_project"},
    "slow": {"others", "desk"},
}
# Parts of the command lines that start such things.
SEEN = {
    "cloud": ("acceptance.aws.emulator",),
    "browser": ("chrome",),
    "node": ("node", "npm"),
    "runs": ("behave",),
}
_running: list[pytest.Item] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the quick run."""
    parser.addoption("--quick", action="store_true", help="leave out what starts an emulator, browser, Node or behave")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the programs that tests start."""
    if config.option.quick:
        sys.addaudithook(_refuse)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that use something slow, and deselect them in a quick run."""
    for item in items:
        for marker, fixtures in SLOW.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(marker)
    # Modules with something slow come first: side by side, what is left for the end is quick.
    slow_modules = {item.path for item in items if any(item.get_closest_marker(marker) for marker in SLOW)}
    items.sort(key=lambda item: item.path not in slow_modules)
    if config.option.quick:
        slow = [item for item in items if any(item.get_closest_marker(marker) for marker in SLOW)]
        items[:] = [item for item in items if item not in set(slow)]
        config.hook.pytest_deselected(items=slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Remember which test runs."""
    _running[:] = [item]
    try:
        return (yield)
    finally:
        _running.clear()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "subprocess.Popen" or not _running or not _running[0].config.option.quick:
        return  # a hook stays for good, and a quick run may have been the subject of a test
    command = [os.fsdecode(word) for word in arguments[1]]
    for marker, programs in SEEN.items():
        if any(Path(word).name in programs or word in programs for word in command[:4]):
            pytest.fail(f"starts {' '.join(command[:4])}: mark it {marker}, for it is not quick", pytrace=False)
