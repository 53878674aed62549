"""Numbers of things in words."""

from datetime import timedelta


def counted(count: int, thing: str) -> str:
    """Return how many there are of a thing whose plural ends in s.

    >>> counted(1, "scenario"), counted(0, "known deviation")
    ('1 scenario', '0 known deviations')
    """
    return f"{count} {thing}{'' if count == 1 else 's'}"


def how_long(time: timedelta) -> str:
    """Return a long time in words, down to the second.

    >>> how_long(timedelta(hours=1)), how_long(timedelta(days=3, minutes=30)), how_long(timedelta())
    ('1 hour', '3 days and 30 minutes', '0 seconds')
    """
    left, parts = int(time.total_seconds()), []
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, length)
        parts += [counted(count, unit)] * (count > 0)
    *others, last = parts or [counted(0, "second")]
    return f"{', '.join(others)} and {last}" if others else last
