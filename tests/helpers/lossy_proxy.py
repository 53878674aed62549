"""A weather station that loses answers by count: between a run and its account, every n-th call of each kind is lost.

Either before the call has reached the account, or after it has taken effect there, or one as often as the other. Or it
is answered as a gateway does that has lost patience: with a page about HTTP status 504, after the call took effect.
"""

import contextlib
import threading
from collections import Counter

from acceptance.aws.secret import SECRET
from acceptance.weather.station import Fate, Station

BEFORE, AFTER, BOTH, GATEWAY = "before", "after", "both", "gateway"
FATES = {"": Fate.ANSWERED, BEFORE: Fate.CUT_BEFORE, AFTER: Fate.CUT_AFTER, GATEWAY: Fate.FAILED_AFTER}


class LossyProxy(Station):
    """A station in front of an account. `lost` counts what was cut off, by kind and moment. `lot` decides."""

    def __init__(self, url, every, when=BOTH, only=(), port=0):
        self.every, self.when, self.only = every, when, frozenset(only)
        self.seen, self.lost = Counter(), Counter()
        self._lock = threading.Lock()
        super().__init__(url, port=port, secret=SECRET, guests=True)
        self.fate = lambda call: FATES[self.lot(call.operation)]

    def lot(self, action):
        """Decide what becomes of the next call of a kind: BEFORE, AFTER or GATEWAY, or "" if nothing happens to it."""
        with self._lock:
            self.seen[action] += 1
            if not self.every or (self.only and action not in self.only) or self.seen[action] % self.every:
                return ""
            lost_so_far = sum(self.lost[action, moment] for moment in (BEFORE, AFTER))
            lot = (AFTER, BEFORE)[lost_so_far % 2] if self.when == BOTH else self.when
            self.lost[action, lot] += 1
            return lot


@contextlib.contextmanager
def lossy(url, every, when=BOTH, only=()):
    """Put a proxy in front of an account for a while."""
    with LossyProxy(url, every, when, only) as proxy:
        yield proxy
