"""The visitors of one scenario about the shop that makes offers, and the pages that they look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from hamcrest import anything, assert_that, equal_to, is_, is_not

from acceptance.aws.intermediary import is_away
from acceptance.earlier import Known, one_of
from acceptance.kafka.topics import Message
from acceptance.matchers import Says
from acceptance.processes.programs import Programs
from acceptance.service_levels.levels import Distribution, Judgement, Promise, judge
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.retail.burst import Burst
from support.retail.driver import (
    ENRICHED,
    OFFER,
    OFFERED_TO,
    USER_SERVICE,
    Heard,
    Retail,
    Sent,
    View,
    in_part,
    user_of,
)
from support.retail.markers import Markers
from support.retail.matchers import Tally, are_all_about, come, comes_more_than_once, has_all, has_all_once, is_there

# What arrives among the page views and is none, or cannot be answered. "#" stands for a number by which its dead letter
# is known, and "~" for what makes it so long that Kafka just takes it, and nothing more.
UNREADABLE: Mapping[str, bytes | None] = {
    "a text": b"a page view, surely: #",
    "half a page view": b'{"USERID": #, "PAGEID": 2',
    "a list": b"[#, 200]",
    "a page view of nobody": b'{"PAGEID": 200, "TIMESTAMP": #}',
    "a page view of no page": b'{"USERID": #, "TIMESTAMP": 1652012999698}',
    "a page view at no time": b'{"USERID": #, "PAGEID": 200}',
    "a page view at a time in words": b'{"USERID": #, "PAGEID": 200, "TIMESTAMP": "1652012999698"}',
    "a page view by a number below zero": b'{"USERID": -#, "PAGEID": 200, "TIMESTAMP": 1652012999698}',
    "a page view at a time that is no number": b'{"USERID": #, "PAGEID": 200, "TIMESTAMP": NaN}',
    "a page view by a broken number": b'{"USERID": #.5, "PAGEID": 200, "TIMESTAMP": 1652012999698}',
    "a page view by yes or no": b'{"USERID": true, "PAGEID": 200, "TIMESTAMP": #}',
    "a page view by a name": b'{"USERID": "Jo", "PAGEID": 200, "TIMESTAMP": #}',
    "a page view by a number beyond all": b'{"USERID": #' + b"0" * 40 + b', "PAGEID": 200, "TIMESTAMP": 1}',
    "a page view without an end": b'{"USERID": #, "PAGEID": 200, "TIMESTAMP": 1, "NOTE": ' + b"[" * 100_000,
    "bytes of no text": b"\xc3\x28\xff #",
    "nothing at all": b"",
    "a tombstone": None,
    "a page view beyond all length": b'{"USERID": #, "PAGEID": 200, "TIMESTAMP": 1, "NOTE": "~"}',
}
# How long a service is given to take up what arrives, before it is ended in the middle of that (s).
TAKEN_UP_SECONDS = 0.5
LONGEST = 999_905
HOUR_MS = 3_600_000
PRODUCT = "Premium"


class RetailScene:
    """Who has looked at what."""

    def __init__(self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0) -> None:
        """`offset`: as in `judge`."""
        self.retail = retail
        self.offset = offset
        self._markers = markers
        self._wait = wait
        self._users: dict[str, int] = Known("{} is nobody in this scenario: is a Given missing?")
        self._known: set[str] = set()
        self._views: dict[str, list[View]] = Known("{} has looked at no page in this scenario: is a When missing?")
        self._sent: list[Sent] = []
        self._burst: Burst | None = None
        self.judgements: dict[str, list[Judgement]] = {}
        retail.listen()

    # --- what people do ------------------------------------------------------------------------

    def is_on(self, name: str, plan: str, **known: str) -> None:
        """Let the shop know somebody who is on a plan, and what else there is to know."""
        self.retail.register({self._meet(name): plan}, **known)
        self._known.add(name)

    def is_on_by_long_number(self, name: str, plan: str) -> None:
        """Let the shop know somebody who is on a plan, and has one of the longest numbers."""
        self._users[name] = self.retail.new_long_id()
        self.retail.register({self._users[name]: plan})
        self._known.add(name)

    def is_known_by_number(self, name: str) -> None:
        """Let the shop know somebody by the number, and nothing else."""
        self.retail.register_number(self._meet(name))
        self._known.add(name)

    def changes_to(self, name: str, plan: str) -> None:
        """Let the shop know of somebody's plan from now on, when it has dealt with all that came before."""
        for view in self._views.get(name, ()):
            self._wait.settle(self.retail.enriched, view, is_there(f"an {ENRICHED}"))
        self.retail.register({self._user(name): plan})
        self._known.add(name)

    def is_unknown(self, name: str, **claims: str) -> None:
        """Let somebody come whom the shop does not know, and whose page views claim something."""
        self.retail.claim(self._meet(name), **claims)

    def views(self, name: str, page: int) -> None:
        """Let somebody look at a page."""
        self._add(name, self.retail.view(self._user(name), page))

    def looks_at(self, name: str, page: str) -> None:
        """Let somebody look at a page by what it is called."""
        pages = self.retail.parts.pages
        self.views(name, pages[one_of(pages, page, "page of the shop")])

    def view_arrives_again(self, name: str) -> None:
        """Let somebody's last page view arrive once more."""
        self.retail.view_again(self.view_of(name))

    def view_arrives_again_after_restart(self, name: str, service: str) -> None:
        """Let somebody's last page view arrive once more, when it was answered and a service was restarted."""
        self.offer(name)
        self._restart(service)
        self.view_arrives_again(name)

    def view_arrives_again_after_others(self, name: str, offers: int) -> None:
        """Let somebody's last page view arrive once more, when it and so many others were answered by offers."""
        self.offer(name)
        others = self.retail.new_ids(offers)
        self.retail.register(dict.fromkeys(others, OFFERED_TO))
        self.retail.views([(other, self.retail.parts.checkout) for other in others])
        self._wait.settle(lambda: {*others} <= {user_of(one) for one in self.retail.all_offers()}, is_(True))
        self.view_arrives_again(name)

    def view_arrives_late(self, name: str) -> None:
        """Let somebody's visit to the checkout arrive an hour after it was made."""
        self._add(name, self.retail.view_late(self._user(name), self.retail.parts.checkout, HOUR_MS))

    def view_arrives_without_key(self, name: str) -> None:
        """Let somebody's visit to the checkout arrive without a key."""
        self._add(name, self.retail.view_without_key(self._user(name), self.retail.parts.checkout))

    def view_among(self, names: Sequence[str], page: int, others: int) -> None:
        """Let some people look at a page in the middle of a crowd that looks at pages too."""
        crowd = self._begins(others)
        crowd.come(slice(crowd.half))
        for name in names:
            self.views(name, page)
        crowd.come(slice(crowd.half, None))

    def sends(self, what: str, name: str = "") -> None:
        """Let one of UNREADABLE arrive in place of a page view, of somebody's if one is named."""
        mark = self._meet("nobody")
        value = UNREADABLE[one_of(UNREADABLE, what, "thing to arrive in place of a page view")]
        marked = None if value is None else _filled(value.replace(b"#", str(mark).encode()))
        self._sent.append(self.retail.send(marked, self._user(name) if name else mark))

    def restarts_after_putting_aside(self, service: str) -> None:
        """Let a service end when it is asked to, once it has put aside what it cannot read, and start again."""
        self._wait.settle(self.retail.put_aside, self._last_sent, is_there("a dead letter"))
        self._restart(service)

    def burst_comes(self, views: int) -> None:
        """Let many page views come at once."""
        self._begins(views).come()

    def burst_comes_while_restarted(self, views: int, service: str) -> None:
        """Let many page views come, and a service end when it is asked to, amid its work, and start again."""
        with self._in_the_middle(views, service):
            self._programs.ask_to_end(service)
        self._see_ended_well(service)
        self._come_rest(service)

    def burst_comes_while_crashed(self, views: int, service: str) -> None:
        """Let many page views come, and a service die in the middle of its work, and start again."""
        with self._in_the_middle(views, service):
            self._programs.crash(service)
        self._come_rest(service)

    def burst_comes_while_kafka_is_away(self, views: int, seconds: float) -> None:
        """Let many page views come, and Kafka take no message of the services for a while."""
        broker, programs = self.retail.broker, self._programs
        assert broker is not None  # noqa: S101 - where there are programs, there is a broker
        programs.freeze(USER_SERVICE)
        try:
            self._begins(views).come()
            broker.refuse_messages()
        finally:
            programs.thaw(USER_SERVICE)
        try:
            self._let_pass(seconds)
        finally:
            broker.take_messages()
        programs.start()

    def burst_comes_while_users_are_away(self, views: int, seconds: float) -> None:
        """Let many page views come while the users cannot be looked up, which comes to pass again."""
        with self.retail.disturbed_users(is_away):
            self._begins(views).come()
            self._let_pass(seconds)
        self._programs.start()

    def burst_comes_while_users_are_found_in_part(self, views: int) -> None:
        """Let many page views come while whoever looks users up is told of some of them, and to ask for the rest."""
        with self.retail.disturbed_users(in_part):
            self._begins(views).come()
            self._wait.settle(self.burst.enriched, has_all("enriched views"))

    # --- what comes of it ------------------------------------------------------------------------

    def enriched(self, name: str = "") -> Heard:
        """See a view enriched, and return what was heard of it. It is somebody's last one, or the last of all."""
        return self._see_enriched(self.view_of(name))

    def about_last(self) -> Heard:
        """See that something is told of whoever has looked at a page last, and return it."""
        seen: Heard = self._wait.eventually(self.retail.about, self.view_of().user, is_there(f"an {ENRICHED}"))
        return seen

    def offer(self, name: str = "") -> Heard:
        """See a view answered by an offer, and return what was heard of it. Whose view it is: as for `enriched`."""
        return self._see_answered(self.view_of(name))

    def sees_offered_nothing(self, name: str) -> None:
        """See that somebody is offered nothing, although the page views of whoever is known are enriched."""
        for view in self._views[name] if name in self._known else ():
            self._see_enriched(view)
        self._markers.follow(self._views[name])
        self._wait.never(self.retail.offers, self._user(name), is_there(f"an {OFFER}"))

    def sees_offers(self, name: str, number: int) -> None:
        """See that somebody is offered the plan so many times, and not once more."""
        for view in self._views[name]:
            if view.page == self.retail.parts.checkout:
                self._see_answered(view)
        self._markers.follow(self._views[name])
        if number == 1:
            self._wait.never(self.retail.offers, self._user(name), comes_more_than_once(OFFER))
        offers = self.retail.offers(self._user(name))
        assert_that(offers, come(number, OFFER))
        assert_that(offers, are_all_about(PRODUCT))

    def sees_offered_in_time(self, promise: Promise, name: str) -> None:
        """See that somebody is offered the plan within a promise's budget."""
        enriched, offers = self.enriched(name), self.offer(name)
        check_stamps(enriched[0], offers[0], promise.budget, self.offset)
        judged = judge(promise, self.retail.timelines([self.view_of(name)])[0], self.offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self.judgements.setdefault(name, []).append(judged)
        judged.require(customer=name)
        assert_that(offers, are_all_about(PRODUCT))

    def sees_enriched_in_time(self, promise: Promise, name: str) -> None:
        """See that somebody's page view is enriched within a promise's budget."""
        self.enriched(name)
        judged = judge(promise, self.retail.timelines([self.view_of(name)])[0], self.offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self.judgements.setdefault(name, []).append(judged)
        judged.require(customer=name)

    def sees_put_aside(self, matcher: Says) -> None:
        """See what cannot be read among the dead letters, once, and nowhere else."""
        sent = self._last_sent
        self._wait.eventually(self.retail.put_aside, sent, matcher)
        self._markers.follow([sent])
        self._wait.never(self.retail.put_aside, sent, comes_more_than_once("dead letter"))
        assert_that(self.retail.about(sent.user), come(0, ENRICHED))

    def sees_all_enriched(self) -> None:
        """See that each page view of the burst is enriched."""
        self._see_all(self.burst.enriched, has_all("enriched views"))

    def sees_all_enriched_once(self) -> None:
        """See that each page view of the burst is enriched once."""
        self.sees_all_enriched()
        self._markers.follow(self.burst.views)
        assert_that(self.burst.enriched(), has_all_once("enriched views"))

    def sees_all_offers_once(self) -> None:
        """See that each user of the burst who deserves an offer gets one, of the plan, and nobody else."""
        self._see_all(self.burst.offers, has_all("offers"))
        self._markers.follow(self.burst.views)
        assert_that(self.burst.offers(), has_all_once("offers"))
        assert_that(self.retail.all_offers(), are_all_about(PRODUCT))

    def sees_burst_offered_in_time(self, promise: Promise, percent: float) -> None:
        """See that so many per cent of the burst's offers are made within a promise's budget."""
        burst = self.burst
        self._wait.settle(burst.offers, has_all("offers"))
        distribution = burst.judge(promise, self.offset)
        distribution.require(promise, percent, lambda: burst.slowest_hop(promise, self.offset))

    # --- for the report ----------------------------------------------------------------------------

    @property
    def burst(self) -> Burst:
        """The burst of this scenario. Raises Trouble when there is none."""
        if self._burst is None:
            raise Trouble("There is no burst of page views in this scenario: is a When missing?")
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
        """Return somebody's last page view, or the last of all. Raises Trouble when there is none."""
        views = self._views[name] if name else [view for views in self._views.values() for view in views]
        if not views:
            raise Trouble("Nobody has looked at a page: is a When missing?")
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
        if self.retail.programs is None:
            raise Trouble(
                "This run does not keep the services running, so it cannot end one: tag the scenario @restart."
            )
        return self.retail.programs

    @contextmanager
    def _in_the_middle(self, views: int, service: str) -> Iterator[None]:
        """Let a burst begin, and a service be in the middle of it: it has taken views up, and cannot answer them.

        When half of them have come, both services are known to work. Then the next ones come while the service
        stands still, and the broker takes no answer to them for as long as this lasts.
        """
        broker = self.retail.broker
        assert broker is not None  # noqa: S101 - where there are programs, there is a broker
        burst, programs = self._begins(views), self._programs
        burst.come(slice(burst.half // 2))
        self._wait.settle(burst.first_offers, is_there(f"an {OFFER}"))
        programs.freeze(service)
        try:
            burst.come(slice(burst.half // 2, burst.half))
            if service != USER_SERVICE:  # its share is what the other one says
                self._wait.settle(burst.enriched, has_all("enriched views"))
            broker.refuse_messages()
        finally:
            programs.thaw(service)
        try:
            self._let_pass(TAKEN_UP_SECONDS)
            yield
        finally:
            broker.take_messages()

    def _let_pass(self, seconds: float) -> None:
        """Listen for so long, whatever comes."""
        self._wait.settle(self.retail.all_offers, is_not(anything()), patience=seconds)

    def _restart(self, service: str) -> None:
        self._programs.ask_to_end(service)
        self._see_ended_well(service)
        self._programs.begin(service)

    def _add(self, name: str, view: View) -> None:
        self._views.setdefault(name, []).append(view)

    @property
    def _last_sent(self) -> Sent:
        if not self._sent:
            raise Trouble("Nothing has arrived in place of a page view in this scenario: is a When missing?")
        return self._sent[-1]

    def _see_ended_well(self, service: str) -> None:
        status = self._programs.ended(service)
        assert_that(status, equal_to(0), f"The {service} was asked to end: its exit status")

    def _see_all(self, count: Callable[[], Tally[Any]], matcher: Says) -> None:
        """See that nothing is missing. As long as more comes, the wait goes on: what is slow is not lost."""
        missing = len(count().missing)
        while True:
            try:
                self._wait.eventually(count, matcher)
                return
            except AssertionError:
                missing, before = len(count().missing), missing
                if missing >= before:
                    raise

    def _see_enriched(self, view: View) -> Heard:
        seen: Heard = self._wait.eventually(self.retail.enriched, view, is_there(f"an {ENRICHED}"))
        return seen

    def _see_answered(self, view: View) -> Heard:
        seen: Heard = self._wait.eventually(self.retail.answers, view, is_there(f"an {OFFER}"))
        return seen

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
        return self._users[name]


def _filled(value: bytes) -> bytes:
    return value.replace(b"~", b"x" * (LONGEST + 1 - len(value)))


def check_stamps(asked: Message, answer: Message, budget: float, offset: float) -> None:
    """See that an answer has a stamp of its own. Raises Trouble where it cannot be: no promise can be judged by it.

    Somebody who hands on the stamp of what is answered would keep every promise. Then both have the same one, although
    they were heard one long after the other.
    """
    if answer.stamp.ms < asked.stamp.ms - offset:
        raise Trouble(
            f"An {OFFER} is stamped {asked.stamp.ms - answer.stamp.ms} ms before the {ENRICHED} that it answers. "
            "Set the services' clocks; by these stamps nothing can be judged."
        )
    apart = answer.heard - asked.heard
    # Two moments within one millisecond have the same stamp, and are heard next to each other.
    if answer.stamp.ms == asked.stamp.ms and apart > max(budget, asked.stamp.clock.resolution):
        raise Trouble(
            f"An {OFFER} has the same time stamp as the {ENRICHED} it answers, and was heard {apart:,.0f} ms later. "
            "Let the Promotions Service stamp its own messages; by these stamps nothing can be judged."
        )
