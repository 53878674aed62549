"""Run as a guest with exactly the published permissions, and look for leftovers."""
