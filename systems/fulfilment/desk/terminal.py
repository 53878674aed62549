"""A program at a terminal: prompts, login, menu and exit status.

Exit statuses: 0 the user left, 1 an unexpected error, 3 a table is missing, 4 no access to AWS, 5 three wrong logins,
6 the input ended, 130 Ctrl-C.
"""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from desk import orders, people, tables

try:
    import termios
except ImportError:  # Windows has none: passwords are visible there while they are typed
    termios = None

NOT_DEPLOYED, NO_ACCESS, LOGIN_REFUSED, INPUT_ENDED, INTERRUPTED = 3, 4, 5, 6, 130
TRIES = 3

Choice = tuple[str, Callable[[people.Person], None]]


class InputEnded(Exception):
    """The input has ended."""


class LoginRefused(Exception):
    """The login was refused too often."""


def prompt(words: str) -> str:
    """Ask for a line."""
    print(f"{words}: ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise InputEnded
    # Other people see what is typed here, so it must not contain control characters that move their cursor.
    return "".join(character for character in line if character.isprintable()).strip()


def prompt_secretly(words: str) -> str:
    """Ask for a line without showing it while it is typed."""
    with _without_echo():
        answer = prompt(words)
        print()
    return answer


@contextmanager
def _without_echo() -> Iterator[None]:
    if termios is None or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def look_up(person: people.Person, *, only_own: bool = False) -> None:
    """Show an order with its stock, delivery and payment."""
    order = orders.find(prompt("Order"))
    if only_own and order["customer"] != person.user:
        raise orders.No(f"There is no order {order['order_id']}.")  # does not reveal other customers' orders
    stock = tables.read("stock", item=order["item"]) or {"available": 0, "reserved": 0}
    delivery = tables.read("deliveries", delivery_id=order["delivery_id"]) if "delivery_id" in order else None
    print(f"Order {order['order_id']} is {order['state']}.")
    print(
        f"  {order['quantity']} x {order['item']} for {order['customer_name']}, {orders.money(order['amount'])} to pay"
    )
    print(f"  Stock: {stock['available']} available, {stock['reserved']} reserved")
    print(f"  Delivery: {delivery['delivery_id'] + ' is ' + delivery['state'] if delivery else 'none'}")
    print(f"  Payment: {orders.money(order['paid']) if 'paid' in order else 'none'}")


def show(found: Sequence[dict], words: Callable[[dict], str], none: str) -> None:
    """List items, one per line."""
    for item in found:
        print(f"  {words(item)}")
    if not found:
        print(none)


def run(title: str, role: str, choices: Sequence[Choice]) -> int:
    """Log a user of this role in, run the menu until they leave, and return the exit status."""
    try:
        print(title)
        tables.check()
        gc.freeze()
        gc.enable()
        person = _log_in(role)
        print(f"Good day, {person.name}.")
        while _work(person, choices):
            pass
        print("Good bye.")
        return 0
    except KeyboardInterrupt:
        return _say("Interrupted.", INTERRUPTED)
    except InputEnded:
        return _say("The input has ended.", INPUT_ENDED)
    except LoginRefused:
        return _say("Nobody was let in.", LOGIN_REFUSED)
    except tables.NotDeployed as error:
        return _say(str(error), NOT_DEPLOYED)
    except tables.NoAccess as error:
        return _say(str(error), NO_ACCESS)


def _say(sentence: str, status: int) -> int:
    print(f"\n{sentence}", flush=True)
    return status


def _log_in(role: str) -> people.Person:
    for _ in range(TRIES):
        user = prompt("User name")
        person = people.who(user, prompt_secretly("Password"), role)
        if person:
            return person
        print("Wrong user name or password.")
    raise LoginRefused


def _work(person: people.Person, choices: Sequence[Choice]) -> bool:
    """Offer the menu once. Return False when the user leaves."""
    print()
    for number, (words, _) in enumerate(choices, 1):
        print(f"{number}  {words}")
    print("0  Leave")
    chosen = prompt("Your choice")
    if chosen == "0":
        return False
    if not chosen.isdecimal() or not 1 <= int(chosen) <= len(choices):
        print(f"There is no choice {chosen}.")
        return True
    try:
        choices[int(chosen) - 1][1](person)
    except orders.No as refusal:
        print(f"Not done: {refusal}")
    return True
