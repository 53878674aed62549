"""Load: many people at once, on Locust, by the same drivers and judged by the same service levels as the features.

Locust starts the users, shows the page, and joins workers. A Locust user here is one customer per second: the number of
users is the rate of arrivals. A file such as `load/cafe.py` says how one customer of a system is served; the rest of
this package is the same for every system. See docs/load.md.
"""
