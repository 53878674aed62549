"""A matcher made of words, which every system says its own expectations with."""

from collections.abc import Callable
from typing import Any

from hamcrest.core.base_matcher import BaseMatcher
from hamcrest.core.description import Description


class Says(BaseMatcher[Any]):
    """A matcher made of an expectation in words, a check, and words for what is there instead."""

    def __init__(self, expected: str, check: Callable[[Any], bool], but: Callable[[Any], str]) -> None:
        self._expected = expected
        self._check = check
        self._but = but

    def _matches(self, item: Any) -> bool:
        return self._check(item)

    def describe_to(self, description: Description) -> None:
        """Say what is expected."""
        description.append_text(self._expected)

    def describe_mismatch(self, item: Any, mismatch_description: Description) -> None:
        """Say what is there instead."""
        mismatch_description.append_text(self._but(item))

    def describe_match(self, item: Any, match_description: Description) -> None:
        """Say what is there."""
        match_description.append_text(self._but(item))


def how_often(times: int) -> str:
    """Say it in words: once, or so many times."""
    return "once" if times == 1 else f"{times} times"
