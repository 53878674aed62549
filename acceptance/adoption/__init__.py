"""`python -m acceptance adopt`: one run against a deployment, and the profile that it suggests for signing."""
