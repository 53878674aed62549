"""Whether an account still answers: one answer that is lost on its way proves nothing, and every question ends."""

import threading
import time

import pytest
from lossy_proxy import AFTER, BEFORE, GATEWAY, LossyProxy, lossy

from acceptance.aws.account import Account
from acceptance.settings import Settings
from acceptance.target import Target
from acceptance.trouble import Trouble

pytestmark = [pytest.mark.cloud, pytest.mark.trust("losses")]


@pytest.fixture
def proxy(cafe_account, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with lossy(cafe_account[0].url, every=0) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        yield proxy


def lose(proxy, moment, in_a_row):
    """Lose this many consecutive responses from now on."""
    proxy.lot = lambda _: moment if (proxy.lost.update([moment]) or proxy.lost[moment] <= in_a_row) else ""


@pytest.mark.parametrize("moment", [BEFORE, AFTER, GATEWAY])
@pytest.mark.parametrize("in_a_row", [1, 3])
class TestAnswersThatAreLost:
    def test_do_not_end_a_run_on_aws(self, proxy, moment, in_a_row):
        target = Target(Settings(target="aws", region="us-east-1"))
        target.start()
        lose(proxy, moment, in_a_row)
        target.check_alive(in_doubt=True)
        assert proxy.lost[moment] > in_a_row

    def test_do_not_keep_one_from_beginning(self, proxy, moment, in_a_row):
        lose(proxy, moment, in_a_row)
        Target(Settings(target="aws", region="us-east-1")).start()


def test_answer_of_an_embedded_account_is_asked_for_again(proxy):
    lose(proxy, AFTER, 1)
    assert Account("us-east-1", proxy.url, "000000000000").check(in_doubt=True) == "000000000000"


def test_account_that_is_away_for_a_moment_is_asked_again(proxy, cafe_account):
    target = Target(Settings(target="aws", region="us-east-1"))
    target.start()
    proxy.close()
    back = []
    port = int(proxy.url.rpartition(":")[2])
    restart = threading.Timer(0.2, lambda: back.append(LossyProxy(cafe_account[0].url, every=0, port=port)))
    restart.start()
    try:
        target.check_alive(in_doubt=True)
    finally:
        restart.join()
        back[0].close()


def test_account_that_never_answers_again_is_believed_in_bounded_time(proxy):
    target = Target(Settings(target="aws", region="us-east-1"))
    target.start()
    lose(proxy, BEFORE, 1000)
    started = time.monotonic()
    with pytest.raises(Trouble, match=r"AWS does not answer: .*Check the network, the region \(us-east-1\)"):
        target.check_alive(in_doubt=True)
    assert 2 <= proxy.lost[BEFORE] <= 6
    assert time.monotonic() - started < 60
