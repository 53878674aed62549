"""Words that all pictures share: times, labels, and how a service level was met."""

from collections.abc import Sequence

from acceptance.report.pictures.theme import COLOURS, SIGNS
from acceptance.service_levels.levels import Compliance, Latency, milliseconds


def shortened(text: str, longest: int = 40) -> str:
    """Shorten a text to a label: printable, on one line, and not too long."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def listed(texts: Sequence[str]) -> str:
    """Join texts that follow each other, without naming the same one twice in a row."""
    return " · ".join(text for place, text in enumerate(texts) if place == 0 or texts[place - 1] != text)


def duration(ms: float) -> str:
    """Write a time as people do: `173 ms`, `2.53 s`, `5 min 3 s`."""
    if ms < 1000:
        return f"{ms:g} ms"
    return f"{ms / 1000:.3g} s" if ms < 59_950 else time_of(round(ms, -3))


def time_of(ms: float) -> str:
    """Write a time in full: `0`, `250 ms`, `2.25 s`, `5 min 2.1 s`."""
    if abs(ms) < 1000:
        return f"{ms:g} ms" if ms else "0"
    minutes, seconds = divmod(ms / 1000, 60)
    return " ".join([f"{minutes:g} min"] * (minutes > 0) + [f"{round(seconds, 3):g} s"] * (seconds > 0))


def midpoint(latency: Latency) -> float:
    """Return one figure (ms) for a latency."""
    return (latency.earliest + latency.latest) / 2


def latency_words(latency: Latency) -> str:
    """Write a latency as short as can be: `165 ms`, or `180–186 ms` where it is not known so exactly."""
    exact = milliseconds(midpoint(latency))
    return exact if latency.words == exact else f"{latency.earliest:,.0f}–{milliseconds(latency.latest)}"


def compliance_words(latency: Latency, budget: float) -> str:
    """Describe whether a latency met a budget (ms), and by how much it missed it."""
    verdict = latency.compliance(budget)
    if verdict is Compliance.MET:
        return "met"
    if verdict is Compliance.INCONCLUSIVE:
        return "inconclusive"
    return f"missed by {excess(latency, budget)}"


def excess(latency: Latency, budget: float) -> str:
    """Describe by how much a latency is beyond a budget (ms) that it has missed."""
    exact = latency_words(latency) == milliseconds(midpoint(latency))
    over = milliseconds((midpoint(latency) if exact else latency.earliest) - budget)
    return over if exact else f"{over} or more"


def summary(verdicts: Sequence[Compliance]) -> tuple[str, str]:
    """Summarize several verdicts (at least one) in a few words, and return the colour for them."""
    worst = next(v for v in (Compliance.MISSED, Compliance.INCONCLUSIVE, Compliance.MET) if v in verdicts)
    count, total = verdicts.count(worst), len(verdicts)
    promises = f"service level{'s' if total > 1 else ''}"
    if worst is Compliance.MET:
        words = f"all {total} {promises} were met" if total > 1 else f"the {promises} was met"
    elif worst is Compliance.MISSED:
        words = f"{count} of {total} {promises} {'were' if count > 1 else 'was'} missed"
    else:
        words = f"{count} of {total} {promises} {'are' if count > 1 else 'is'} inconclusive"
    return f"{SIGNS[worst]} {words}", COLOURS[worst]
