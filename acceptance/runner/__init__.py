"""Several workers run the scenarios of one run at the same time (`behave -j N`), with a single report."""
