"""The course of a run: so many arrivals a second for so long, or ever more until the first service level is missed."""

from typing import TYPE_CHECKING, ClassVar

from locust import LoadTestShape

if TYPE_CHECKING:
    from load.run import Load


class Stages(LoadTestShape):
    """Asks the lead of the run each second how many are to arrive. Locust's own options say how many and how long."""

    abstract = True
    use_common_options = True
    load: ClassVar["Load"]

    def tick(self) -> tuple[int, float] | None:
        """Return how many customers are to arrive a second, and None when all is over."""
        rate = self.load.course.rate(self.get_run_time())
        return None if rate is None else (rate, max(1.0, float(rate)))
