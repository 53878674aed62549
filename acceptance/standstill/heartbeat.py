"""A heartbeat: a thread that wakes ten times a second, and notes its delay and which processes waited for a processor.

A stopped process, a frozen container, a suspended or overloaded machine: each makes the
beat late. Work that continues, only slowly, is detected by how long it waited for a processor.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from acceptance.standstill.processor import Delays, Pressure
from acceptance.standstill.record import now

BEAT = 0.1
# A smaller delay of a beat is chance, in s.
LEAST = 0.02
Note = Callable[[float, float, float], object]


class Heartbeat:
    """One thread's heartbeat. `note` takes each beat: from when to when (s of `now()`), and how much was lost (s).

    Lost is the beat's delay, and for how long processes waited for a processor: the process's `own`, and
    `others` with all that they have started, by their tasks. Of those with the same task only the one that waited
    longest counts, since a piece of work is in one of them. Both are called anew for each beat. `programs` are others'
    programs: each counts, and of all that they have started the one that waited longest.
    """

    def __init__(
        self,
        note: Note,
        others: Callable[[], Mapping[str, Sequence[int]]] = dict,
        *,
        own: Callable[[], Iterable[int]] = tuple,
        programs: Sequence[int] = (),
        pressure: Pressure | None = None,
        clock: Callable[[], float] = now,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self._note = note
        self._others = others
        self._clock = clock
        self._over = threading.Event()
        self._wait = wait or self._over.wait
        self._own = own
        self._own_delays = Delays(with_children=False)
        self._delays: dict[int, Delays] = {}
        self._programs = programs
        self._program_delays = Delays()
        self._pressure = pressure or Pressure()
        self._began = clock()

    def start(self) -> None:
        """Begin to beat, until `stop` or the end of this process."""
        threading.Thread(target=self._beat_on, name="heartbeat", daemon=True).start()

    def stop(self) -> None:
        """End it, soon."""
        self._over.set()

    def beat(self) -> None:
        """Let a beat pass, and note it."""
        self._wait(BEAT)
        began, ended = self._began, self._clock()
        self._began = ended
        took = ended - began
        late = took - BEAT
        waited = self._others_waited()
        own = self._own_delays.since_last_time(self._own())
        stood = max(late if late >= LEAST else 0.0, own, self._pressure.since_last_time())
        self._note(began, ended, min(took, stood + waited + self._programs_waited()))

    def _beat_on(self) -> None:
        with suppress(MemoryError):  # the run itself meets it too, and reports it
            self._own_delays.since_last_time(self._own())  # earlier waiting does not count
            self._programs_waited()
            while not self._over.is_set():
                self.beat()

    def _others_waited(self) -> float:
        watched = self._others()
        processes = {pid for pids in watched.values() for pid in pids}
        self._delays = {pid: self._delays.get(pid) or Delays() for pid in processes}
        waited = {pid: delays.since_last_time([pid]) for pid, delays in self._delays.items()}
        return sum(max((waited[pid] for pid in pids), default=0.0) for pids in watched.values())

    def _programs_waited(self) -> float:
        if not self._programs:
            return 0.0
        waited = self._program_delays.by_process(self._programs)
        themselves = sum(waited.pop(pid, 0.0) for pid in self._programs)
        return themselves + max(waited.values(), default=0.0)
