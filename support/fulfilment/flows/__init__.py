"""`python -m support.fulfilment.flows`: runs orders through the programs from a terminal, without Gherkin."""
