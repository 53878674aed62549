"""The site of this project: its documentation, the specification and the step catalogue, built by Zensical."""
