"""The weather station: answers calls as the account behind it does, and as the weather allows.

It serves from a thread of its own and listens on the loopback interface only. What is between two calls is untouched:
how the account's own parts call each other knows no weather.
"""

from __future__ import annotations

import asyncio
import hmac
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import aiohttp
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from multidict import CIMultiDict
from yarl import URL

from acceptance.aws.secret import HEADER
from acceptance.weather import words
from acceptance.weather.answers import Clocks, Pages
from acceptance.weather.calls import HTTP_API, Answer, Ask, Call, read_call
from acceptance.weather.draws import Draws
from acceptance.weather.in_part import PARTS, in_part
from acceptance.weather.late import Late
from acceptance.weather.permissions import Permissions
from acceptance.weather.queues import Queues
from acceptance.weather.weathers import CALM, Weather

Alter = Callable[[Call, Answer], Answer]
HOST = "127.0.0.1"
_SECONDS = 60
_START_SECONDS = 10
# Of these every answer speaks for one connection only, or is made anew.
_HOP_BY_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "server"))
# Within a spell nearly every call of the action is throttled.
_IN_A_SPELL = 0.7
# Calls about several things are throttled in part as often as as a whole.
_IN_PART = 0.5
_RESET = struct.pack("ii", 1, 0)  # a connection that is closed so is reset
_REFUSED = words.Words("AccessDeniedException", 403, "Sign with the secret of the run.")


class Fate(Enum):
    """The outcome of a call."""

    ANSWERED = "answered"
    THROTTLED = "throttled"
    THROTTLED_IN_PART = "throttled in part"
    UNAVAILABLE = "refused by a 5xx"
    CUT_BEFORE = "cut off before its effect"
    CUT_AFTER = "cut off after its effect"
    FAILED_AFTER = "answered by a 504 after its effect"


class Station:
    """A weather station in front of an account. `url` is where it listens; `close()` it, or use it in a `with`.

    `happened` counts the outcomes of calls, by operation and fate. `fate` decides, and `alter` may change an answer;
    both may be replaced.
    """

    def __init__(
        self,
        account: str,
        weather: Weather = CALM,
        seed: int = 0,
        *,
        secret: str = "",
        guests: bool = False,
        port: int = 0,
    ) -> None:
        """`account` is an address; it gets the `secret`, if it needs one.

        Only calls that are signed with the secret are handed on then, unless `guests` with keys of their own may call.
        Raises OSError if the port is taken.
        """
        self.weather, self.seed = weather, seed
        self.happened: Counter[tuple[str, Fate]] = Counter()
        self.fate: Callable[[Call], Fate] = self.by_weather
        self.alter: Alter | None = None
        self._secret, self._guests = secret, guests
        self._account = account.rstrip("/")
        self._draws = Draws(seed)
        self._spells: dict[tuple[str, str], float] = {}
        self._ask = self._through_weather(weather)
        self._listener = socket.create_server((HOST, port), backlog=256)
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)
        self._thread.start()
        self._ready.wait(_START_SECONDS)

    def close(self) -> None:
        """Stop answering."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(_START_SECONDS)

    def __enter__(self) -> Station:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def words(self) -> str:
        """Describe this weather, and the outcomes of calls so far."""
        told = Counter[Fate]()
        for (_, fate), times in list(self.happened.items()):
            told[fate] += times
        fates = ", ".join(f"{times} {fate.value}" for fate, times in sorted(told.items(), key=lambda one: -one[1]))
        return f"weather {self.weather.name}, seed {self.seed}: {fates or 'no calls'}"

    def by_weather(self, call: Call) -> Fate:
        """Decide the outcome of a call, by the weather."""
        weather, now = self.weather, self._loop.time()
        chance = self._draws.next(f"{call.service} {call.operation}")
        of_action = call.key, call.operation
        in_a_spell = now < self._spells.get(of_action, 0.0)
        if chance.random() < (_IN_A_SPELL if in_a_spell else weather.throttled):
            if not in_a_spell:
                self._spells[of_action] = now + weather.spell
            in_part = call.operation in PARTS and chance.random() < _IN_PART
            return Fate.THROTTLED_IN_PART if in_part else Fate.THROTTLED
        drawn = chance.random()
        times = weather.at_http_apis if call.protocol == HTTP_API else 1.0
        for share, fate in (
            (weather.unavailable, Fate.UNAVAILABLE),
            (weather.failed_after, Fate.FAILED_AFTER),
            (weather.cut_before, Fate.CUT_BEFORE),
            (weather.cut_after, Fate.CUT_AFTER),
        ):
            if drawn < share * times:
                return fate
            drawn -= share * times
        return Fate.ANSWERED

    def _through_weather(self, weather: Weather) -> Ask:
        kinds: Sequence[Callable[[Call, Ask], Any]] = (
            Clocks(weather, self._draws),
            Permissions(weather, self._draws),
            Late(weather, self._draws),
            Queues(weather, self._draws),
            Pages(weather),
        )
        ask: Ask = self._hand_on
        for kind in reversed(kinds if weather is not CALM else ()):
            ask = _around(kind, ask)
        return ask

    async def _serve(self) -> None:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        no_headers = frozenset(("User-Agent", "Content-Type", "Accept", "Accept-Encoding"))
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, auto_decompress=False, skip_auto_headers=no_headers, trust_env=False
        ) as self._client:
            runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0)
            await runner.setup()
            await web.SockSite(runner, self._listener).start()
            self._ready.set()
            await self._ended.wait()
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        call = read_call(request.method, request.raw_path, request.headers, await request.read())
        if self._secret and not self._guests and not self._is_ours(call):
            return _response(call, words.refusal(call, _REFUSED))
        latency = self._latency()
        await asyncio.sleep(latency / 2)
        fate = self.fate(call)
        self.happened[call.operation, fate] += 1
        if fate is Fate.CUT_BEFORE:
            return _cut_off(request)
        answer = await self._become(call, fate)
        if fate is Fate.CUT_AFTER or answer is None:
            return _cut_off(request)
        await asyncio.sleep(latency / 2)
        return _response(call, answer)

    async def _become(self, call: Call, fate: Fate) -> Answer | None:
        """Apply a call's fate, and return the answer; None for no answer at all."""
        if fate is Fate.THROTTLED:
            return words.throttled(call)
        if fate is Fate.UNAVAILABLE:
            return words.unavailable(call)
        try:
            answer = await (in_part(call, self._ask) if fate is Fate.THROTTLED_IN_PART else self._ask(call))
        except (aiohttp.ClientError, TimeoutError):
            return None
        if fate is Fate.FAILED_AFTER:
            return words.gateway_timeout()
        return self.alter(call, answer) if self.alter else answer

    def _latency(self) -> float:
        """Return how much longer a call takes, in s: seldom long, as on a network."""
        least, most = self.weather.latency_least, self.weather.latency_most
        chance: random.Random = self._draws.next("latency")
        return (least + (most - least) * chance.random() ** 2) / 1000

    async def _hand_on(self, call: Call) -> Answer:
        headers = CIMultiDict(call.headers)
        for name in ("Host", "Connection", "Content-Length", "Transfer-Encoding"):
            headers.popall(name, None)
        if self._secret:  # what is signed is signed for this address
            headers[HEADER] = self._secret
        url = URL(f"{self._account}{call.path}", encoded=True)
        async with self._client.request(
            call.method, url, data=call.body or None, headers=headers, allow_redirects=False
        ) as answer:
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP]
            return Answer(answer.status, kept, await answer.read())

    def _is_ours(self, call: Call) -> bool:
        """Whether a call comes from the run: it is signed with the secret of the run, or carries it."""
        if hmac.compare_digest(call.headers.get(HEADER, ""), self._secret):
            return True
        try:
            _, _, parts = call.headers["Authorization"].partition(" ")
            told = dict(part.strip().split("=", 1) for part in parts.split(","))
            key, _, region, service, _ = told["Credential"].split("/")
            signed = {name: call.headers.get(name, "") for name in told["SignedHeaders"].split(";")}
            request = AWSRequest(call.method, f"{self.url}{call.path}", signed, call.body)
            request.context["timestamp"] = call.headers.get("X-Amz-Date", "")
            auth = SigV4Auth(Credentials(key, self._secret), service, region)
            wanted = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
            return hmac.compare_digest(wanted, told["Signature"])
        except (KeyError, ValueError):
            return False


def _around(kind: Callable[[Call, Ask], Any], ask: Ask) -> Ask:
    async def through(call: Call) -> Answer:
        answer: Answer = await kind(call, ask)
        return answer

    return through


def _response(call: Call, answer: Answer) -> web.Response:
    body = b"" if call.method == "HEAD" else answer.body
    return web.Response(status=answer.status, headers=CIMultiDict(answer.headers), body=body)


def _cut_off(request: web.BaseRequest) -> web.Response:
    """Reset a connection, in the middle of its call."""
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        request.transport.abort()
    return web.Response()
