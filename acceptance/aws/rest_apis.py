"""REST APIs of API Gateway: their addresses, their paths, and the scopes that their methods need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance.aws.account import Account


@dataclass(frozen=True)
class RestApi:
    """A REST API: its id and its name, which need not be unique."""

    id: str
    name: str


@dataclass(frozen=True)
class Resource:
    """A path's methods, each with the OAuth scopes that it requires of a caller."""

    path: str
    methods: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def scopes(self) -> Collection[str]:
        """Every scope that some method requires."""
        return {scope for scopes in self.methods.values() for scope in scopes}


def rest_apis(account: Account) -> Iterator[RestApi]:
    """Return every REST API."""
    for page in account.client("apigateway").get_paginator("get_rest_apis").paginate():
        yield from (RestApi(str(api["id"]), str(api["name"])) for api in page["items"])


def resources(account: Account, api: RestApi) -> Iterator[Resource]:
    """Return everything that a REST API serves. It need not be deployed."""
    pages = account.client("apigateway").get_paginator("get_resources").paginate(restApiId=api.id, embed=["methods"])
    for page in pages:
        for one in page["items"]:
            methods: Mapping[str, Any] = one.get("resourceMethods") or {}
            scopes = {name: tuple((method or {}).get("authorizationScopes") or ()) for name, method in methods.items()}
            yield Resource(str(one.get("path", "")), scopes)


def address_of(account: Account, api: RestApi) -> str:
    """Return the address of a REST API with its stage, "" if it has none yet."""
    gateway: Any = account.client("apigateway")
    stages = [stage["stageName"] for stage in gateway.get_stages(restApiId=api.id)["item"]]
    if not stages:
        return ""
    # SAM adds a stage called Stage to the one that a template names.
    stage = min(stages, key=lambda name: (name == "Stage", name))
    return address(str(gateway.meta.endpoint_url), api.id, stage, account.region)


def address(endpoint: str, api_id: str, stage: str, region: str) -> str:
    """Return the address of a stage, based on the service's own address: AWS's, or an emulator's."""
    if ".amazonaws.com" in endpoint:
        return f"https://{api_id}.execute-api.{region}.amazonaws.com/{stage}"
    return f"{endpoint.rstrip('/')}/restapis/{api_id}/{stage}/_user_request_"
