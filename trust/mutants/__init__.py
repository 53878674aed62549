"""Breaks the café one change at a time and sees whether the features notice: `python -m trust.mutants`."""
