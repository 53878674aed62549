"""`python -m support.fulfilment.flows`: orders on their way through the programs, without Gherkin, for people at a terminal."""
