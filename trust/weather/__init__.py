"""Run all features in each weather, as a guest on an account with that weather, and write a table of verdicts."""
