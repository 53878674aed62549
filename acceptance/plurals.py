"""Numbers of things in words."""


def counted(count: int, thing: str) -> str:
    """Return how many there are of a thing whose plural ends in s.

    >>> counted(1, "scenario"), counted(0, "known deviation")
    ('1 scenario', '0 known deviations')
    """
    return f"{count} {thing}{'' if count == 1 else 's'}"
