"""What each case came to, a line in a file for each, written when it ends: so nothing is lost with an interruption."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

CAUGHT, GREEN = "caught", "green"
GONE_THROUGH, FALSE_ALARM, BROKEN, OUT_OF_DATE = "gone through", "false alarm", "broken", "out of date"
EQUIVALENT, NOT_DEPLOYED, SKIPPED = "equivalent", "cannot be deployed", "skipped"
# In the order of the report: what somebody has to look at comes first.
BAD = (GONE_THROUGH, FALSE_ALARM, BROKEN, OUT_OF_DATE)
VERDICTS = (*BAD, CAUGHT, GREEN, EQUIVALENT, NOT_DEPLOYED, SKIPPED)


@dataclass(frozen=True)
class Result:
    """What a case came to. `words` say why it is bad; `by` is the scenario that has caught a mutant.

    `digest` is that of the files it depends on, `seed` that of its run. `attempt` counts its results with this digest.
    """

    case: str
    campaign: str
    verdict: str
    words: str
    seconds: float
    digest: str
    seed: int
    system: str = ""
    by: str = ""
    attempt: int = 1

    @property
    def bad(self) -> bool:
        """Whether somebody has to look at it."""
        return self.verdict in BAD


class Results:
    """The results in a file, the last one of each case."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._all: list[Result] = []
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    self._all.append(Result(**json.loads(line)))
                except (ValueError, TypeError):  # the last line of a run that was killed, or of another version
                    continue

    def add(self, result: Result) -> Result:
        """Write a result to the file, and return it with its attempt."""
        before = sum(one.case == result.case and one.digest == result.digest for one in self._all)
        counted = Result(**{**asdict(result), "attempt": before + 1})
        self._all.append(counted)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(counted), ensure_ascii=False) + "\n")
        return counted

    def forget(self) -> None:
        """Begin anew."""
        self._file.unlink(missing_ok=True)
        self._all.clear()

    def all(self) -> Iterable[Result]:
        """Every result, also of former versions, the oldest first."""
        return tuple(self._all)

    def valid(self, digests: Mapping[str, str]) -> dict[str, Result]:
        """The last result of each of these cases, if the files it depends on are as they were. `digests` by case."""
        return {one.case: one for one in self._all if digests.get(one.case) == one.digest}

    def bad_before(self, result: Result) -> list[Result]:
        """The bad results of a case with this digest before the last one: whoever tries again does not hide them."""
        same = [one for one in self._all if (one.case, one.digest) == (result.case, result.digest)]
        return [one for one in same[:-1] if one.bad]
