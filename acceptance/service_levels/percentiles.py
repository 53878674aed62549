"""Percentiles of the nearest rank: the lowest value within which so many per cent of all values lie."""

import math
from collections.abc import Sequence


def rank(percent: float, count: int) -> int:
    """Return which of `count` sorted values a percentile is, from 1. Rounded up: 14 of 15 values are not 95 %."""
    return max(1, math.ceil(percent * count / 100 - 1e-9))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile of a handful of values, at least one; in their unit, and exact.

    The latencies of many requests belong into a Distribution, which can be merged with others.
    """
    return sorted(values)[rank(percent, len(values)) - 1]
