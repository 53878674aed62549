"""The results of cases in a file, one line each, written as each case ends: an interruption loses nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

CAUGHT, GREEN = "caught", "green"
GONE_THROUGH, FALSE_ALARM, BROKEN, OUT_OF_DATE = "gone through", "false alarm", "broken", "out of date"
EQUIVALENT, NOT_DEPLOYED, SKIPPED = "equivalent", "cannot be deployed", "skipped"
# In the order of the report: verdicts that need attention come first.
BAD = (GONE_THROUGH, FALSE_ALARM, BROKEN, OUT_OF_DATE)
VERDICTS = (*BAD, CAUGHT, GREEN, EQUIVALENT, NOT_DEPLOYED, SKIPPED)


@dataclass(frozen=True)
class Result:
    """The result of a case. `words` say why it is bad; `by` is the scenario that has caught a mutant.

    `digest` is of the files it depends on, `seed` of its run. `attempt` counts the results with this digest.
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
        """Whether the result needs attention."""
        return self.verdict in BAD


class Results:
    """The file of results; the last result of each case counts."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._all: list[Result] = []
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    self._all.append(Result(**json.loads(line)))
                except (ValueError, TypeError):  # an incomplete line of a killed run, or one of another version
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
        """Discard all results."""
        self._file.unlink(missing_ok=True)
        self._all.clear()

    def all(self) -> Iterable[Result]:
        """Return every result, also of former versions, oldest first."""
        return tuple(self._all)

    def valid(self, digests: Mapping[str, str]) -> dict[str, Result]:
        """Return the last result of each of these cases whose files are unchanged, by their `digests`."""
        return {one.case: one for one in self._all if digests.get(one.case) == one.digest}

    def bad_before(self, result: Result) -> list[Result]:
        """Return a case's earlier bad results with this digest: trying again does not hide them."""
        same = [one for one in self._all if (one.case, one.digest) == (result.case, result.digest)]
        return [one for one in same[:-1] if one.bad]
