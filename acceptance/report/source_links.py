"""Links from a scenario's page to its lines, where the repository's address is known."""

import os
from collections.abc import Mapping
from urllib.parse import quote


def source_url(path: str, line: int, variables: Mapping[str, str]) -> str:
    """Return the address of a line of the commit that a pipeline tests, by the pipeline's own variables; else "".

    Of GitHub Actions (docs.github.com: “Variables reference”) and GitLab CI (docs.gitlab.com: “Predefined CI/CD
    variables”).
    """
    place = f"{quote(os.fsencode(path))}#L{line}"
    if all(variables.get(name) for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")):
        repository = f"{variables['GITHUB_SERVER_URL']}/{variables['GITHUB_REPOSITORY']}"
        return f"{repository}/blob/{variables['GITHUB_SHA']}/{place}"
    if all(variables.get(name) for name in ("CI_PROJECT_URL", "CI_COMMIT_SHA")):
        return f"{variables['CI_PROJECT_URL']}/-/blob/{variables['CI_COMMIT_SHA']}/{place}"
    return ""
