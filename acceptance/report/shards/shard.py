"""The record that a shard, one of the parts of a run divided among machines, keeps for the merge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from acceptance.report.causes import Red
from acceptance.report.judged import Judged
from acceptance.report.kept import Kept
from acceptance.trouble import Trouble

_WRITTEN = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@dataclass(frozen=True)
class Shard:
    """Shard `number`, from 1, of so many. `plan` is the shard of each scenario that was selected, by its key.

    All shards of a run have the same `commit`, `features` (a checksum of the files), `asked` (what else makes two runs
    differ, such as their target, by name), and `plan`. `selection` is the request, as on the command line, and
    `durations` the recording by which it was balanced; they explain a difference.

    `judged`: each scenario as it ended; `said`: the actions and checks of those that passed; `outside`: errors outside
    any scenario. `reruns`: how often each scenario was run again in the same folder. `finished`: it ended
    in order, with an exit status other than 0 if it `failed`.
    """

    number: int
    of: int
    commit: str
    features: str
    asked: Mapping[str, str]
    selection: str
    durations: str
    plan: Mapping[str, int]
    judged: Sequence[Judged] = ()
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outside: Sequence[Red] = ()
    reruns: Mapping[str, int] = field(default_factory=dict)
    finished: bool = False
    failed: bool = False

    @property
    def name(self) -> str:
        """Its name: `2/5`."""
        return f"{self.number}/{self.of}"

    @property
    def keys(self) -> Sequence[str]:
        """The keys of its scenarios."""
        return [key for key, number in self.plan.items() if number == self.number]

    def again(self, keys: Iterable[str]) -> Shard:
        """Return it as it is while some of its scenarios run again."""
        return replace(self, reruns=Counter(self.reruns) + Counter(keys), finished=False)

    def ended(
        self, judged: Mapping[str, Judged], said: Mapping[str, Sequence[str]], outside: Sequence[Red], *, failed: bool
    ) -> Shard:
        """Return it as it is after a run of it. Scenarios that a rerun has not run are unchanged."""
        everyone = {one.key: one for one in self.judged} | dict(judged)
        return replace(
            self,
            judged=list(everyone.values()),
            said={**self.said, **said},
            outside=[*self.outside, *outside],
            finished=True,
            failed=failed,
        )


SHARD = Kept("shard.json", Shard)


def numbers(written: str) -> tuple[int, int]:
    """Return the number and the count that `2/5` means. Raises Trouble for an invalid one."""
    found = _WRITTEN.fullmatch(written.strip())
    number, of = map(int, found.groups()) if found else (0, 0)
    if not found:
        raise Trouble(f"The setting shard is “{written}”; expected its number and how many there are, such as 2/5.")
    if not 1 <= number <= of:
        there_are = f"the shards are 1/{of} to {of}/{of}" if of > 1 else "expected 1/1, or 2/5 of five"
        raise Trouble(f"There is no shard {written.strip()}: {there_are}.")
    return number, of
