"""The app's way to its API: proxies, .netrc, and answers that are lost on the way."""

import base64
import re
import socket
import threading
import uuid

import pytest

from acceptance.aws.account import Account
from acceptance.trouble import Trouble
from acceptance.web import Web
from support.serverlesspresso.front_door import FrontDoor
from support.serverlesspresso.settings import ServerlesspressoSettings

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ASKS_WHO_IT_IS = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
CANNOT_REACH_IT = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
BROKE_DOWN = b"HTTP/1.1 503 Service Unavailable\r\nx-amzn-RequestId: 1\r\nContent-Length: 0\r\n\r\n"
SENDS_ON = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
NOTHING = b""
LOGIN = "machine {host}\nlogin ada\npassword of-a-person\n"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine without proxies, and a home without anything in it."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def somebody_elses(monkeypatch):
    """An account that is not embedded."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    return Account("us-east-1")


class Server:
    """Takes requests, gives them these answers in turn, the last one again and again, and keeps what was asked."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked = []
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # it was closed
            with connection:
                request = connection.recv(65536)
                if request:
                    self.asked.append(request.decode("latin-1"))
                    connection.sendall(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@pytest.fixture
def server():
    made = []

    def start(*answers):
        made.append(Server(*answers))
        return made[-1]

    yield start
    for one in made:
        one.close()


def refusal(web, method="GET"):
    with pytest.raises(Trouble) as trouble:
        web.ask(method, "/orders/1")
    return str(trouble.value)


@pytest.mark.cloud
class TestEmbedded:
    @pytest.fixture
    def door(self, cafe_account):
        return FrontDoor(cafe_account[1], ServerlesspressoSettings(), uuid.uuid4().hex)

    @pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
    def test_no_proxy_stands_before_it(self, door, server, monkeypatch, name):
        proxy = server(ASKS_WHO_IT_IS)
        monkeypatch.setenv(name, f"http://{proxy.address}")
        assert door.ask(door.sign_in("Ada"), "GET", "/orders").status == 200
        assert proxy.asked == []

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "anywhere\ndefault"])
    def test_nobody_else_is_signed_in_by_netrc(self, door, monkeypatch, tmp_path, host):
        (tmp_path / ".netrc").write_text(LOGIN.format(host=host))
        assert door.ask(door.sign_in("Ada"), "GET", "/orders").status == 200
        assert door.ask(None, "GET", "/orders").status == 401

    def test_certificates_of_the_caller_are_not_looked_for(self, door, monkeypatch):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
        assert door.ask(door.sign_in("Ada"), "GET", "/orders").status == 200

    def test_the_secret_of_the_run_goes_to_the_account_only(self, cafe_account, server):
        elsewhere = server(OK)
        Web(cafe_account[1], f"http://{elsewhere.address}").ask("GET", "/orders")
        assert "secret" not in elsewhere.asked[0].lower()


class TestProxy:
    """A proxy of the environment, as companies have one."""

    @pytest.fixture
    def web(self, somebody_elses, server, monkeypatch):
        def behind(*answers, url="http://shop.example/prod"):
            proxy = server(*answers)
            monkeypatch.setenv("http_proxy", f"http://ada:of-a-person@{proxy.address}")
            monkeypatch.setenv("https_proxy", f"http://ada:of-a-person@{proxy.address}")
            return Web(somebody_elses, url), proxy

        return behind

    def test_is_used(self, web):
        way, proxy = web(OK)
        assert way.ask("GET", "/orders").status_code == 200
        assert proxy.asked[0].startswith("GET http://shop.example/prod/orders ")

    @pytest.mark.parametrize("url", ["http://shop.example/prod", "https://shop.example/prod"])
    def test_that_refuses_is_no_fault_of_the_system(self, web, url):
        way, proxy = web(ASKS_WHO_IT_IS, url=url)
        said = refusal(way, "PUT")
        assert said.startswith(
            f"Expected the proxy {proxy.address} to hand PUT /orders/1 on to shop.example, received: "
        )
        assert "407 Proxy Authentication Required" in said
        assert said.endswith("Check HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY.")
        assert "of-a-person" not in said

    def test_that_cannot_reach_the_system_is_no_fault_of_it(self, web):
        assert "received: 503 Service Unavailable." in refusal(web(CANNOT_REACH_IT)[0])

    def test_hands_on_what_the_system_answers_when_it_breaks_down(self, web):
        assert web(BROKE_DOWN)[0].ask("GET", "/orders").status_code == 503

    @pytest.mark.parametrize("endpoint", ["https://sts.example", "http://sts.example"])
    def test_that_refuses_calls_to_aws_is_told_with_a_sentence(self, web, monkeypatch, endpoint):
        web(ASKS_WHO_IT_IS)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-a-person")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-a-person")
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(Trouble) as trouble:
            Account("us-east-1").check()
        assert re.search(r"AWS_ENDPOINT_URL", str(trouble.value))
        assert "ada:of-a-person" not in str(trouble.value)

    def test_that_is_not_there_is_no_fault_of_the_system(self, somebody_elses, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            address = f"127.0.0.1:{gone.getsockname()[1]}"
        monkeypatch.setenv("http_proxy", f"http://{address}")
        said = refusal(Web(somebody_elses, "http://shop.example/prod"))
        assert said.startswith(f"Expected the proxy {address} to hand GET /orders/1 on to shop.example, received: ")

    def test_is_passed_by_for_hosts_that_need_none(self, somebody_elses, server, monkeypatch):
        shop = server(OK)
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert Web(somebody_elses, f"http://{shop.address}").ask("GET", "/orders").status_code == 200


@pytest.mark.parametrize("answers", [(OK,), (SENDS_ON, OK)], ids=["at once", "after a redirection"])
def test_netrc_is_never_looked_at(somebody_elses, server, tmp_path, answers):
    shop = server(*answers)
    (tmp_path / ".netrc").write_text(LOGIN.format(host="127.0.0.1"))
    Web(somebody_elses, f"http://{shop.address}").ask("GET", "/orders", headers={"Authorization": "of-the-visitor"})
    assert len(shop.asked) == len(answers)
    assert all("Authorization: of-the-visitor" in asked for asked in shop.asked)
    assert base64.b64encode(b"ada:of-a-person").decode() not in "".join(shop.asked)


class TestLostAnswer:
    @pytest.mark.parametrize("lost", [NOTHING, HALF], ids=["all of it", "half of it"])
    def test_is_no_fault_of_the_system_and_nothing_is_sent_twice(self, somebody_elses, server, lost):
        shop = server(lost)
        said = refusal(Web(somebody_elses, f"http://{shop.address}"), "PUT")
        assert said.startswith(f"Expected an answer of {shop.address} to PUT /orders/1, received: ")
        assert said.endswith(
            "Whether the request was taken up is not known, so nothing can be said about the system; run again."
        )
        assert len(shop.asked) == 1

    def test_to_a_look_is_asked_for_again(self, somebody_elses, server):
        shop = server(NOTHING, OK)
        assert Web(somebody_elses, f"http://{shop.address}").ask("GET", "/orders").status_code == 200
        assert len(shop.asked) == 2

    def test_to_a_look_is_trouble_in_the_end(self, somebody_elses, server):
        shop = server(NOTHING)
        assert refusal(Web(somebody_elses, f"http://{shop.address}")).startswith("Expected an answer of ")
        assert len(shop.asked) == 2


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/prod", "Expected an answer of 127.0.0.1:9 to GET /orders/1"),
        ("shop.example/prod", "Check front_door_url"),
        ("ftp://shop.example", "Check front_door_url"),
        ("http://shop.example:many", "Check front_door_url"),
        ("http://[", "Check front_door_url"),
    ],
)
def test_address_that_leads_nowhere_is_told_with_a_sentence(somebody_elses, url, words):
    with pytest.raises(Trouble, match=re.escape(words)):
        Web(somebody_elses, url).ask("GET", "/orders/1")


def test_certificates_that_are_not_there_are_told_with_a_sentence(somebody_elses, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    assert "/nowhere.pem" in refusal(Web(somebody_elses, "https://127.0.0.1:9"))


def test_server_that_does_not_encrypt_is_told_with_a_sentence(somebody_elses, server):
    shop = server(OK)
    said = refusal(Web(somebody_elses, f"https://{shop.address}"))
    assert said.startswith(f"Expected an encrypted connection to {shop.address} for GET /orders/1, received: ")
