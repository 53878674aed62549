"""Several workers play the scenarios of one run at the same time (`behave -j N`), and one report tells of it."""
