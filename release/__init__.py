"""The conditions for releasing a version."""
