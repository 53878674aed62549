"""The stage of one scenario about fulfilment: the people, their lamps, and the records, each in a module."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from hamcrest import assert_that

from acceptance.service_levels.levels import Distribution, Promise
from acceptance.terminal.console import Console, Refusal, Reply
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import Waiter
from support.fulfilment.at_once import AtOnce
from support.fulfilment.books import Books
from support.fulfilment.dialogue import ROLES
from support.fulfilment.driver import Fulfilment
from support.fulfilment.failures import Failures
from support.fulfilment.logins import Login
from support.fulfilment.many_orders import ManyOrders
from support.fulfilment.matchers import names_a_state_of, share_no_secret, shows, wait_for
from support.fulfilment.order import FIRST_ACTS
from support.fulfilment.people import Courier, Customer, Person
from support.fulfilment.shelf import Shelf
from support.fulfilment.workday import Workday

NOBODY = "nobody"
ANYTHING_BUT_PARTS = ("look", "choose", "waiting", "stock", "browse", "order")


class FulfilmentScene:
    """The people and their shared actions. `began`: when the scenario began."""

    def __init__(self, fulfilment: Fulfilment, wait: Waiter) -> None:
        self.began = datetime.now(UTC)
        self._day = Workday(fulfilment, wait)
        self.shelf = Shelf(self._day)
        self.books = Books(self._day, self.shelf)
        self.at_once = AtOnce(self._day)
        self.many_orders = ManyOrders(self._day)
        self.failures = Failures(self._day)

    def person(self, name: str) -> Person:
        """Return a person at their program."""
        return Person(self._day, name)

    def customer(self, name: str) -> Customer:
        """Return a customer at the portal."""
        return Customer(self._day, name)

    def courier(self, name: str) -> Courier:
        """Return a courier."""
        return Courier(self._day, name, self.books)

    def login(self, name: str) -> Login:
        """Return a person at a program's login prompt."""
        return Login(self._day, name)

    # --- all people -----------------------------------------------------------------------------------

    @property
    def attempts(self) -> Mapping[str, Reply]:
        """The replies to all attempts of one step, by attempt. Raises Trouble when there were none."""
        return self._day.attempts

    def replies(self) -> Sequence[Reply]:
        """Return the replies to each person's last attempt. Raises Trouble when there was none."""
        if not self._day.replies:
            raise Trouble("No one has acted in this scenario: is a When missing?")
        return list(self._day.replies.values())

    def begin_anew(self, *people: str) -> None:
        """Start these people's programs and log in, even if they were already at work."""
        for name in people:
            self.login(name).begins_anew()

    def order_passes(self, customer: str, *people: str) -> None:
        """Do each of these people's parts for a customer's order, one after the other."""
        for person in map(self.person, people):
            if person.role not in FIRST_ACTS:
                raise Trouble(
                    f"{person.name} has no part in the way of {customer}'s order: their role is {person.role}."
                )
            person.does(FIRST_ACTS[person.role], customer)

    def see_right_states(self) -> None:
        """Check that each refusal which names a state names one of this scenario's orders or deliveries."""
        entries = self.books.own_entries()
        states = {state for entry in entries for state in (entry.state, entry.delivery_state) if state}
        for reply in self.replies():
            named = reply.found.get("state") if isinstance(reply, Refusal) else None
            assert_that(self._day.fulfilment.dialogue.states.get(named or "", named), names_a_state_of(states))

    def see_passwords_kept(self, people: Sequence[str]) -> None:
        """Check that these people's records show neither their password nor that it is the same."""
        fulfilment = self._day.fulfilment
        records = {name: fulfilment.records.person(fulfilment.person(name).user) for name in people}
        assert_that(records, share_no_secret(fulfilment.password))

    def all_try_again(self, people: Sequence[str], customer: str) -> None:
        """Try all acts of each of these people for an order, and record every reply."""
        self.books.before, replies = self.books.record(customer), dict[str, Reply]()
        for person in map(self.person, people):
            for act in ROLES[person.role]:
                if act not in ANYTHING_BUT_PARTS:
                    replies[f"{person.name}'s {act}"] = person.tries_to(act, customer)
        self._day.attempts = replies

    def see_waiting_for(self, name: str, customer: str) -> None:
        """Check that a customer's order is in this person's list, and in no other; "nobody": in none."""
        dialogue = self._day.fulfilment.dialogue
        roles = [role for role, acts in ROLES.items() if "waiting" in acts]
        names = [dialogue.of_role(role)[0].name for role in roles]
        if name != NOBODY:
            own = self.person(name).role
            names = [name if role == own else other for role, other in zip(roles, names, strict=True)]
        self._day.wait.eventually(self._lists, names, wait_for(self.books.record(customer), name))

    def _lists(self, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        return {name: self.person(name).lists("waiting") for name in names}

    def see_everybody_agree(self, customer: str) -> None:
        """Check that all running programs show a customer's order as it is in the records."""
        entry = self.books.record(customer)
        names = [name for name in self._day.at_their_programs() if self._may_look(name, customer)]
        if not names:
            raise Trouble(f"None of the staff can look up {customer}'s order in this scenario: is a Given missing?")
        seen = {}
        for name in names:
            shown = dict(self.person(name).does("look", customer))
            state = self._day.fulfilment.dialogue.states
            seen[name] = {**shown, "state": state.get(shown["state"], shown["state"])}
        assert_that(seen, shows(entry))

    def _may_look(self, name: str, customer: str) -> bool:
        """Customers see their own orders only."""
        return name == customer or self.person(name).role != "customer"

    # --- the end --------------------------------------------------------------------------------------

    @property
    def consoles(self) -> Sequence[tuple[Console, int, int]]:
        """Each person's program, and the first entry of its transcript and the first span of this scenario."""
        of_flows = ((console, 0, 0) for flow in self.many_orders.flows for console in flow.consoles)
        return [*self._day.consoles, *of_flows]

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return nothing: there are no service levels here."""
        return ()

    def end(self) -> None:
        """End the programs started for this scenario only, and remove its lamps with every order of them."""
        undo_all([self.failures.end, *self._day.ends(), *self.shelf.ends()])
