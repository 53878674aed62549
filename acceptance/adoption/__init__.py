"""`python -m acceptance adopt`: run once against a deployment and write the profile suggested for signing."""
