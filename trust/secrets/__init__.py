"""Make the café leak secrets on purpose, and search for them in everything that a run leaves."""
