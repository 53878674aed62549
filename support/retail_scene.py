"""The visitors of one scenario about the shop that makes offers, and the pages that they look at."""

from collections.abc import Mapping, Sequence

from hamcrest import assert_that, equal_to

from support.burst import Burst
from support.cloud.programs import Programs
from support.drivers.retail import ENRICHED, OFFER, Heard, Retail, View
from support.drivers.retail_markers import Markers
from support.matchers import Says
from support.observe.waiting import eventually, never, settle
from support.retail_matchers import came_once, has_all, has_all_once, is_there
from support.service_levels import Distribution, Judgement, Promise, judge

# What arrives among the page views and is none. "#" stands for a number by which its dead letter is known.
UNREADABLE: Mapping[str, bytes] = {
    "a text": b"a page view, surely: #",
    "half a page view": b'{"USERID": #, "PAGEID": 2',
    "a list": b"[#, 200]",
    "a page view of nobody": b'{"PAGEID": 200, "TIMESTAMP": #}',
    "a page view by a name": b'{"USERID": "Jo", "PAGEID": 200, "TIMESTAMP": #}',
    "bytes of no text": b"\xc3\x28\xff #",
    "nothing at all": b"",
}


class RetailScene:
    """Who has looked at what."""

    def __init__(self, retail: Retail, markers: Markers, patience: float, offset: float = 0) -> None:
        """`patience`: how long to wait for offers that are judged together, in s. `offset`: as in `judge`."""
        self.retail = retail
        self._markers = markers
        self._patience = patience
        self._offset = offset
        self._users: dict[str, int] = {}
        self._views: dict[str, list[View]] = {}
        self._sent: list[bytes] = []
        self._burst: Burst | None = None
        self.judgements: dict[str, list[Judgement]] = {}
        retail.listen()

    # --- what people do ------------------------------------------------------------------------

    def is_on(self, name: str, plan: str) -> None:
        """Let the shop know somebody who is on a plan."""
        self.retail.register({self._meet(name): plan})

    def is_unknown(self, name: str) -> None:
        """Let somebody come whom the shop does not know."""
        self._meet(name)

    def views(self, name: str, page: int) -> None:
        """Let somebody look at a page."""
        self._views.setdefault(name, []).append(self.retail.view(self._user(name), page))

    def views_twice(self, name: str, page: int) -> None:
        """Let somebody look at a page once, and the view of it arrive twice."""
        self.views(name, page)
        self.retail.view_again(self.view_of(name))

    def view_among(self, names: Sequence[str], page: int, others: int) -> None:
        """Let some people look at a page in the middle of a crowd that looks at pages too."""
        crowd = self._begins(others)
        crowd.come(slice(crowd.half))
        for name in names:
            self.views(name, page)
        crowd.come(slice(crowd.half, None))

    def sends(self, what: str) -> None:
        """Let one of UNREADABLE arrive among the page views."""
        mark = self._meet("nobody")
        self._sent.append(UNREADABLE[what].replace(b"#", str(mark).encode()))
        self.retail.send(self._sent[-1], mark)

    def burst_comes(self, views: int) -> None:
        """Let many page views come at once."""
        self._begins(views).come()

    def burst_comes_while_restarted(self, views: int, service: str) -> None:
        """Let many page views come, and a service end when it is asked to, half-way, and be started again."""
        self._come_half(views)
        status = self._programs.end(service)
        assert_that(status, equal_to(0), f"The {service} was asked to end: its exit status")
        self._come_rest(service)

    def burst_comes_while_crashed(self, views: int, service: str) -> None:
        """Let many page views come, and a service die in the middle of its work, and be started again."""
        self._come_half(views)
        self._programs.crash(service)
        self._come_rest(service)

    # --- what comes of it ------------------------------------------------------------------------

    def enriched(self, name: str = "") -> Heard:
        """See a view enriched, and return what was heard of it. It is somebody's last one, or the last of all."""
        view = self.view_of(name)
        seen: Heard = eventually(self.retail.enriched, view, is_there(f"an {ENRICHED}"))
        return seen

    def offer(self, name: str = "") -> Heard:
        """See somebody offered something, and return what was heard of it."""
        user = self.view_of(name).user
        seen: Heard = eventually(self.retail.offers, user, is_there(f"an {OFFER}"))
        return seen

    def sees_offered_nothing(self, name: str) -> None:
        """See that somebody is offered nothing."""
        self._markers.follow(self._views[name])
        never(self.retail.offers, self._user(name), is_there(f"an {OFFER}"))

    def sees_one_offer(self, name: str) -> None:
        """See that somebody is offered something, once."""
        self.offer(name)
        self._markers.follow(self._views[name])
        never(self.retail.offers, self._user(name), _more_than_one())
        assert_that(self.retail.offers(self._user(name)), came_once(OFFER))

    def sees_offered_in_time(self, promise: Promise, name: str) -> None:
        """See that somebody is offered something within a promise's budget."""
        self.offer(name)
        self.enriched(name)
        judged = judge(promise, self.retail.timelines([self.view_of(name)])[0], self._offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self.judgements.setdefault(name, []).append(judged)
        judged.require(customer=name)

    def sees_put_aside(self, matcher: Says) -> None:
        """See what cannot be read among the dead letters."""
        eventually(self.retail.put_aside, self._sent[-1], matcher)

    def sees_all_enriched(self) -> None:
        """See that each page view of the burst is enriched."""
        eventually(self.burst.enriched, has_all("enriched views"))

    def sees_all_enriched_once(self) -> None:
        """See that each page view of the burst is enriched once."""
        self.sees_all_enriched()
        self._markers.follow(self.burst.views)
        assert_that(self.burst.enriched(), has_all_once("enriched views"))

    def sees_all_offers_once(self) -> None:
        """See that each user of the burst who deserves an offer gets one, and nobody else."""
        eventually(self.burst.offers, has_all("offers"))
        self._markers.follow(self.burst.views)
        assert_that(self.burst.offers(), has_all_once("offers"))

    def sees_burst_offered_in_time(self, promise: Promise, percent: float) -> None:
        """See that so many per cent of the burst's offers are made within a promise's budget."""
        burst = self.burst
        settle(burst.offers, has_all("offers"), patience=self._patience)
        distribution = burst.judge(promise, self._offset)
        distribution.require(promise, percent, lambda: burst.slowest_hop(promise, self._offset))

    # --- for the report ----------------------------------------------------------------------------

    @property
    def burst(self) -> Burst:
        """The burst of this scenario. Raises LookupError when there is none."""
        if self._burst is None:
            raise LookupError("There is no burst of page views in this scenario: is a When missing?")
        return self._burst

    @property
    def judged(self) -> Sequence[tuple[Promise, Distribution]]:
        """What was judged of the burst, if there is one."""
        return list(self._burst.judged.items()) if self._burst else []

    @property
    def visits(self) -> Mapping[str, Sequence[View]]:
        """The page views of this scenario, by the people who made them."""
        return self._views

    @property
    def names(self) -> Mapping[int, str]:
        """The people's names, by their users' ids."""
        return {user: name for name, user in self._users.items()}

    def view_of(self, name: str = "") -> View:
        """Return somebody's last page view, or the last of all. Raises LookupError when there is none."""
        views = self._views.get(name, []) if name else [view for views in self._views.values() for view in views]
        if not views:
            raise LookupError(f"{name or 'Nobody'} has looked at {'no' if name else 'a'} page: is a When missing?")
        return max(views, key=lambda view: view.at)

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has judged."""
        judgements = [one for several in self.judgements.values() for one in several]
        return [*((one.promise, Distribution([one.latency])) for one in judgements), *self.judged]

    def end(self) -> None:
        """Let the services that the run keeps running run again, if a scenario has ended one."""
        if self.retail.programs:
            self.retail.programs.start()

    # --- how ---------------------------------------------------------------------------------------

    @property
    def _programs(self) -> Programs:
        programs = self.retail.programs
        assert programs is not None  # noqa: S101 - scenarios that end services are left out where there are none
        return programs

    def _come_half(self, views: int) -> None:
        """Let a burst begin. When half of it has come, both services are known to work and have just got more to do."""
        burst = self._begins(views)
        burst.come(slice(burst.half // 2))
        settle(burst.first_offers, is_there(f"an {OFFER}"), patience=self._patience)
        burst.come(slice(burst.half // 2, burst.half))

    def _come_rest(self, service: str) -> None:
        """Let the rest of the burst come while a service does not run, and start that again."""
        self.burst.come(slice(self.burst.half, None))
        self._programs.begin(service)

    def _begins(self, views: int) -> Burst:
        self._burst = Burst(self.retail, views)
        return self._burst

    def _meet(self, name: str) -> int:
        self._users[name] = self.retail.new_ids(1)[0]
        return self._users[name]

    def _user(self, name: str) -> int:
        if name not in self._users:
            raise LookupError(f"{name} is nobody in this scenario: is a Given missing?")
        return self._users[name]


def _more_than_one() -> Says:
    return Says(f"more than one {OFFER}", lambda heard: len(heard) > 1, lambda heard: f"there are {len(heard)}")
