"""Runs all features in each weather, as a guest on an account that behaves so, and writes a table of the verdicts."""
