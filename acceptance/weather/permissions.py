"""Slow permissions: a new access key is not known everywhere yet, and a new policy is not in force."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from xml.sax.saxutils import unescape

from acceptance.weather.calls import QUERY, Answer, Ask, Call, form
from acceptance.weather.draws import Draws
from acceptance.weather.weathers import Weather
from acceptance.weather.words import UNKNOWN_KEY, UNKNOWN_KEY_IN_QUERY, denied, refusal

_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")
_GRANTS = ("PutUserPolicy", "AttachUserPolicy")


class Permissions:
    """The users of one account that are created, or given permissions, through this station."""

    def __init__(self, weather: Weather, draws: Draws) -> None:
        self._lag, self._draws = weather.permission_lag, draws
        self._known_from: dict[str, float] = {}
        self._user_of: dict[str, str] = {}
        self._granted_from: dict[str, float] = defaultdict(float)

    async def __call__(self, call: Call, ask: Ask) -> Answer:
        """Refuse a call whose permission is not in force yet, and forward any other."""
        now = time.monotonic()
        if now < self._known_from.get(call.key, 0.0):
            return refusal(call, UNKNOWN_KEY_IN_QUERY if call.protocol == QUERY else UNKNOWN_KEY)
        user = self._user_of.get(call.key, "")
        if user and now < self._granted_from[user]:
            return denied(call, f"User: {user}")
        answer = await ask(call)
        if answer.ok and call.service == "iam":
            self._learn(call, answer)
        return answer

    def _learn(self, call: Call, answer: Answer) -> None:
        user, from_now = form(call).get("UserName", ""), time.monotonic()
        made = _KEY.search(answer.body) if call.operation == "CreateAccessKey" else None
        if made:
            key = unescape(made[1].decode())
            self._user_of[key] = user
            self._known_from[key] = from_now + self._lag * self._draws.next("new key").random()
        elif call.operation in _GRANTS:
            self._granted_from[user] = from_now + self._lag * self._draws.next("new policy").random()
