"""Breaks the systems one change at a time, and sees whether their features notice: `make mutants`."""
