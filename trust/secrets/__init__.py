"""Lets the café leak on purpose, and hunts for secrets in what a run has left."""
