"""A formatter that records when the first step began."""

import time
from typing import Any

from behave.formatter.base import Formatter


class FirstStep(Formatter):  # type: ignore[misc]
    """Writes the time (epoch s) of the beginning of the first step."""

    name = "first_step"

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        self._told = False

    def match(self, _match: Any) -> None:
        """Record the time, once."""
        if not self._told:
            self._told = True
            self.stream = self.open()
            self.stream.write(f"{time.time()}\n")
