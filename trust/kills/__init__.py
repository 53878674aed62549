"""Kill a random process in each of several runs."""
