"""Runs as a guest with exactly the published permissions, and looks for residue."""
