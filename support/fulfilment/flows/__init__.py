"""`python -m support.fulfilment.flows`: orders on their way through the programs, without Gherkin, at a terminal."""
