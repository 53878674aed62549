"""The course of a run: so many arrivals a second for so long, or ever more until the first service level is missed."""

from typing import TYPE_CHECKING, ClassVar

from locust import LoadTestShape

# So many users are let in a second.
AT_ONCE = 100

if TYPE_CHECKING:
    from load.run import Load


class Stages(LoadTestShape):
    """Asks the lead of the run each second how many are to arrive. Locust's own options say how many and how long."""

    abstract = True
    use_common_options = True
    load: ClassVar["Load"]

    _begun = False

    def tick(self) -> tuple[int, float] | None:
        """Return how many customers are to arrive a second, and None when all is over. The first time it waits."""
        if not self._begun:
            self._begun = True
            self.load.begin_course()
            self.reset_time()
        rate = self.load.course.rate(self.get_run_time())
        # All are to be there at once: a rate that only grows within a second is never wholly reached in a short run.
        return None if rate is None else (rate, float(max(AT_ONCE, rate)))
