"""Mutation testing: break the systems one change at a time, and check that their features notice (`make mutants`)."""
