"""Service levels: stamps of the cloud, timelines, latencies as intervals, and distributions."""

__all__ = [
    "levels",
    "percentiles",
    "timeline",
    "wall_clock",
]
