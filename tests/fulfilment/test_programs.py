"""The five programs as they are shipped: how they end, whom they let in, and what they never show."""

import os
import re
import subprocess
import sys

import pexpect
import pytest
from places import SYSTEMS

from acceptance.aws.secret import SECRET

pytestmark = [pytest.mark.cloud, pytest.mark.trust("programs")]
SYSTEM = SYSTEMS / "fulfilment"
PROGRAMS = ("customer_portal.py", "inventory.py", "warehouse.py", "logistics.py", "delivery.py")
PASSWORD = "open, Sesame 7"


@pytest.fixture(scope="module")
def surroundings(fulfilment_account):
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))
    }
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    return {**inherited, **keys, "AWS_ENDPOINT_URL": fulfilment_account[0].url, "FULFILMENT_PASSWORD": PASSWORD}


@pytest.fixture(scope="module", autouse=True)
def demo(surroundings):
    """The demo people and goods."""
    done = run("fill.py", surroundings, "demo")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "5 people may log in.\n3 kinds of goods are on the shelf.\n"


def run(program, environment, *arguments, typed=""):
    return subprocess.run(
        [sys.executable, program, *arguments],
        cwd=SYSTEM,
        env=environment,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def at_terminal(surroundings):
    """A program at a terminal, as in front of a person."""
    children = []

    def start(program):
        child = pexpect.spawn(sys.executable, [program], cwd=SYSTEM, env=surroundings, encoding="utf-8", timeout=30)
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_its_tables_a_program_says_which(surroundings, program):
    done = run(program, {**surroundings, "FULFILMENT_STOCK_TABLE": "nowhere"})
    assert done.returncode == 3
    assert (
        "A table is missing: fulfilment-orders, nowhere, fulfilment-deliveries, fulfilment-staff are wanted."
        in done.stdout
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "HOME": "/nonexistent"}, "There are no AWS credentials."),
        ({"AWS_REGION": "", "HOME": "/nonexistent"}, "No AWS region is set. Set AWS_REGION."),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "DynamoDB does not answer: "),
    ],
)
def test_without_access_a_program_says_why(surroundings, changed, words):
    environment = {name: value for name, value in {**surroundings, **changed}.items() if value}
    done = run("inventory.py", {**environment, "AWS_EC2_METADATA_DISABLED": "true"})
    assert done.returncode == 4
    assert words in done.stdout


def test_nobody_is_let_in_after_three_wrong_passwords(surroundings):
    done = run("inventory.py", surroundings, typed="rosa\nguess\n" * 3)
    assert done.returncode == 5
    assert done.stdout.count("Wrong user name or password.") == 3
    assert "Nobody was let in." in done.stdout


@pytest.mark.parametrize("user", ["nobody", "pia", ""])
def test_strangers_and_people_of_other_roles_are_told_the_same(surroundings, user):
    done = run("inventory.py", surroundings, typed=f"{user}\n{PASSWORD}\n" * 3)
    assert done.returncode == 5
    assert done.stdout.count("Wrong user name or password.") == 3


@pytest.mark.parametrize("typed", ["", "rosa\n", f"rosa\n{PASSWORD}\n", f"rosa\n{PASSWORD}\n2\n"])
def test_when_nobody_types_any_more_a_program_ends(surroundings, typed):
    done = run("inventory.py", surroundings, typed=typed)
    assert done.returncode == 6
    assert "The input has ended." in done.stdout


def test_ctrl_c_ends_a_program(at_terminal):
    child = at_terminal("inventory.py")
    child.expect("User name:")
    child.sendintr()
    child.expect("Interrupted.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_a_password_is_not_shown_while_it_is_typed(at_terminal):
    child = at_terminal("inventory.py")
    child.expect("User name:")
    child.sendline("rosa")
    child.expect("Password:")
    assert not child.getecho()
    child.sendline(PASSWORD)
    child.expect("Your choice:")
    assert PASSWORD not in child.before
    assert child.getecho()


def test_passwords_are_kept_as_salted_hashes(surroundings, fulfilment_account):
    assert run("fill.py", surroundings, "people", "inventory:ann=Ann", "inventory:bob=Bob").returncode == 0
    people = fulfilment_account[1].dynamodb.scan(TableName="fulfilment-staff")["Items"]
    ann, bob = ({item["user"]["S"]: item for item in people}[user] for user in ("ann", "bob"))
    assert ann["hash"] != bob["hash"], "the same password, and another salt"
    assert PASSWORD not in str(people)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people", "king:ann=Ann"), "people are role:user=Name, with one of the roles customer, "),
        (("people",), "people and stock need entries; demo takes none"),
        (("demo", "lamp=5@19.90"), "people and stock need entries; demo takes none"),
        (("stock", "lamp"), "goods are item=count@price"),
    ],
)
def test_what_cannot_be_filled_in_is_told(surroundings, arguments, words):
    done = run("fill.py", surroundings, *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_what_is_set_aside_stays_so_when_the_shelf_is_filled(surroundings, fulfilment_account):
    done = run("customer_portal.py", surroundings, typed=f"pia\n{PASSWORD}\n2\nchair\n1\n0\n")
    order = re.search(r"ORD-\w+", done.stdout)[0]
    assert run("inventory.py", surroundings, typed=f"rosa\n{PASSWORD}\n2\n{order}\n0\n").returncode == 0
    assert run("fill.py", surroundings, "stock", "chair=9@79.00").returncode == 0
    key = {"item": {"S": "chair"}}
    chair = fulfilment_account[1].dynamodb.get_item(TableName="fulfilment-stock", Key=key)["Item"]
    assert (chair["available"]["N"], chair["reserved"]["N"]) == ("9", "1")


def test_a_line_cannot_move_the_cursor_of_others(surroundings):
    done = run("customer_portal.py", surroundings, typed=f"pia\n{PASSWORD}\n2\n\x1b[2Jlamp\x07\n1\n0\n")
    assert "\x1b" not in done.stdout
    assert "Nothing called [2Jlamp is on offer." in done.stdout


def test_the_orders_of_other_customers_are_not_shown(surroundings):
    assert run("fill.py", surroundings, "people", "customer:quin=Quin").returncode == 0
    done = run("customer_portal.py", surroundings, typed=f"pia\n{PASSWORD}\n2\nlamp\n1\n0\n")
    order = re.search(r"ORD-\w+", done.stdout)[0]
    seen = run("customer_portal.py", surroundings, typed=f"quin\n{PASSWORD}\n3\n{order}\n0\n")
    assert f"There is no order {order}." in seen.stdout
    assert "lamp" not in seen.stdout


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "many", "1001", ""])
def test_a_quantity_is_a_whole_number(surroundings, quantity):
    done = run("customer_portal.py", surroundings, typed=f"pia\n{PASSWORD}\n2\nlamp\n{quantity}\n0\n")
    assert done.returncode == 0
    assert "The quantity is a whole number from 1 to 1000." in done.stdout


def test_what_waits_is_listed_until_it_is_done(surroundings):
    """Each of the four programs lists what is to be done in it, and not what is done."""

    def work(program, user, *lines):
        done = run(program, surroundings, typed="\n".join([user, PASSWORD, *lines, "0", ""]))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    order = re.search(r"ORD-\w+", work("customer_portal.py", "pia", "2", "chair", "1"))[0]
    delivery = order
    for program, user, act in (
        ("inventory.py", "rosa", ("2",)),
        ("warehouse.py", "tess", ("2",)),
        ("logistics.py", "uma", ("2",)),
        ("delivery.py", "vic", ("2",)),
    ):
        more = {"warehouse.py": ["yes"], "logistics.py": ["North", "Monday"]}.get(program, [])
        assert order in work(program, user, "1"), f"{program} does not list what waits"
        told = work(program, user, *act, delivery if program == "delivery.py" else order, *more)
        assert order not in work(program, user, "1"), f"{program} lists what is done"
        delivery = (re.findall(r"DEL-\w+", told) or [delivery])[0]


def test_packing_that_is_not_authorized_changes_nothing(surroundings):
    order = re.search(
        r"ORD-\w+", run("customer_portal.py", surroundings, typed=f"pia\n{PASSWORD}\n2\nlamp\n1\n0\n").stdout
    )[0]
    run("inventory.py", surroundings, typed=f"rosa\n{PASSWORD}\n2\n{order}\n0\n")
    done = run("warehouse.py", surroundings, typed=f"tess\n{PASSWORD}\n2\n{order}\nno\n3\n{order}\n0\n")
    assert done.returncode == 0
    assert f"Order {order} is allocated." in done.stdout


def test_two_couriers_of_the_same_name_are_two(surroundings):
    done = run("fill.py", surroundings, "people", "delivery:vic2=Vic")
    assert done.returncode == 0, done.stdout + done.stderr

    def work(program, user, *lines):
        return run(program, surroundings, typed="\n".join([user, PASSWORD, *lines, "0", ""])).stdout

    order = re.search(r"ORD-\w+", work("customer_portal.py", "pia", "2", "lamp", "1"))[0]
    work("inventory.py", "rosa", "2", order)
    work("warehouse.py", "tess", "2", order, "yes")
    delivery = re.search(r"DEL-\w+", work("logistics.py", "uma", "2", order, "North", "Monday"))[0]
    assert f"{delivery} is yours" in work("delivery.py", "vic", "2", delivery)
    assert f"{delivery} has already been accepted by Vic." in work("delivery.py", "vic2", "3", delivery)


@pytest.mark.parametrize("amount", ["sNaN", "Infinity", "-1", "twenty"])
def test_what_is_no_amount_is_refused(surroundings, amount):
    def work(program, user, *lines):
        return run(program, surroundings, typed="\n".join([user, PASSWORD, *lines, "0", ""]))

    order = re.search(r"ORD-\w+", work("customer_portal.py", "pia", "2", "lamp", "1").stdout)[0]
    work("inventory.py", "rosa", "2", order)
    work("warehouse.py", "tess", "2", order, "yes")
    delivery = re.search(r"DEL-\w+", work("logistics.py", "uma", "2", order, "North", "Monday").stdout)[0]
    work("delivery.py", "vic", "2", delivery)
    done = work("delivery.py", "vic", "3", delivery, amount)
    assert (done.returncode, f"is to be collected, not {amount}." in done.stdout) == (0, True), done.stdout
    work("delivery.py", "vic", "4", delivery, "the test is over")


@pytest.mark.parametrize("password", [" blank before", "blank after ", "a\x07bell"])
def test_a_password_that_can_never_be_typed_is_refused(surroundings, password):
    done = run("fill.py", {**surroundings, "FULFILMENT_PASSWORD": password}, "people", "customer:una=Una")
    assert done.returncode == 2
    assert "can never be typed" in done.stderr
