"""The HTTP front door, used as the customers' and the baristas' apps use it: by requests, signed in at Cognito."""

import base64
import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account, is_of_the_weather
from acceptance.masking import remember_secret, remember_secrets_in
from acceptance.settings import variable
from acceptance.trouble import Trouble
from support.serverlesspresso.dialect import CANONICAL, Dialect
from support.serverlesspresso.parts import discover_front_door
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings


class NoFrontDoor(Exception):
    """The café has no HTTP API, or no user to sign in as; the message says which."""


@dataclass(frozen=True)
class Visitor:
    """A signed-in user. `user_id` is Cognito's `sub`; the token that the API requires is never shown."""

    user_id: str
    token: str = ""

    def __repr__(self) -> str:
        """Leave the token out."""
        return f"Visitor({self.user_id})"


@dataclass(frozen=True)
class Answer:
    """The front door's response: status and body, a decoded JSON value or text. `kept`: who may cache it."""

    status: int
    body: Any
    kept: str = ""


class FrontDoor:
    """The front door of one café. Raises NoFrontDoor when there is none, or no user may sign in."""

    def __init__(
        self,
        account: Account,
        settings: ServerlesspressoSettings,
        run_id: str,
        dialect: Callable[[], Dialect] = lambda: CANONICAL,
    ) -> None:
        """`dialect` is called when the first request is sent."""
        try:
            parts = discover_front_door(account, settings)
        except ClientError as error:
            if not error.response["Error"]["Code"].startswith("AccessDenied"):
                raise
            raise NoFrontDoor(f"this run may not look for the app: {error}") from error
        if parts is None:
            raise NoFrontDoor(
                f"this café has no HTTP API (settings {PREFIX}front_door_url and {PREFIX}user_pool_client)"
            )
        if settings.on_aws and not settings.customer_password.get_secret_value():
            raise NoFrontDoor(
                f"signing in is impossible: set {PREFIX}customer_username and the environment variable "
                f"{variable(PREFIX + 'customer_password')}"
            )
        self._parts = parts
        self._dialect = dialect
        self._settings = settings
        self._run_id = run_id
        self._cognito = account.client("cognito-idp")
        self._visitors: dict[str, Visitor] = {}
        from acceptance.web import Web  # requests takes long to load, and few scenarios use the app

        self._web = Web(account, parts.url)

    def sign_in(self, name: str) -> Visitor:
        """Sign a person in and return who they are; on the embedded account the person is registered first."""
        if name not in self._visitors:
            if self._settings.on_aws:
                user, password = self._settings.customer_username, self._settings.customer_password.get_secret_value()
            else:
                user, password = self._user(name), remember_secret(f"Aa1!{secrets.token_urlsafe(16)}")
                self._register(user, password)
            self._visitors[name] = self._sign_in(user, password)
        return self._visitors[name]

    def ways_in(self) -> Sequence[str]:
        """Return the flows of Cognito in which the app may sign people in. MiniStack allows every one of them."""
        told = self._cognito.describe_user_pool_client(
            UserPoolId=self._parts.user_pool, ClientId=self._parts.user_pool_client
        )
        return list(told["UserPoolClient"].get("ExplicitAuthFlows", ()))

    def admits_strangers(self) -> bool:
        """Return whether visitors may create accounts. MiniStack lets them always, so the setting is read."""
        told = self._cognito.describe_user_pool(UserPoolId=self._parts.user_pool)["UserPool"]
        only_invited = told.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False)
        return str(only_invited).lower() != "true"

    def ask(self, visitor: Visitor | None, method: str, path: str, body: Any = None, **query: str) -> Answer:
        """Send a request as the visitor (None: not signed in) and return the response of any status.

        Raises AssertionError when the café does not know a visitor who is signed in: then no answer means anything.
        Raises Trouble when there is no answer.
        """
        headers = {"Authorization": visitor.token} if visitor else {}
        # Any text is sent unchanged.
        content = {"data": body} if isinstance(body, str) else {"json": body}  # None: nothing is sent
        response = self._web.ask(method, path, params=self._dialect().request(query), headers=headers, **content)
        if visitor and response.status_code == HTTPStatus.UNAUTHORIZED:
            raise AssertionError(
                "Expected: the app to recognise a person who is signed in · but: it asks them to sign in"
            )
        kept = response.headers.get("Cache-Control", "")
        # An app relies on the response's own headers.
        if not response.headers.get("Content-Type", "").partition(";")[0].strip().endswith("json"):
            return Answer(response.status_code, response.text, kept)
        try:
            return Answer(response.status_code, response.json(), kept)
        except json.JSONDecodeError:
            return Answer(response.status_code, response.text, kept)

    def order(
        self,
        visitor: Visitor | None,
        order_id: str,
        drink: str,
        in_the_name_of: str = "",
        modifiers: Sequence[str] = (),
    ) -> Answer:
        """Order a drink with these choices, possibly claiming to be another person."""
        name = {"userId": in_the_name_of} if in_the_name_of else {}
        return self.ask(visitor, "PUT", f"/orders/{order_id}", {"drink": drink, "modifiers": [*modifiers], **name})

    def send(self, visitor: Visitor, order_id: str, text: str) -> Answer:
        """Order with any text as the body, even one that no app would send."""
        return self.ask(visitor, "PUT", f"/orders/{order_id}", text)

    def try_to_sign_in(self, name: str) -> str:
        """Try to sign in with a wrong password; return the refusal. "nobody" is an unknown user."""
        user = f"nobody-{self._run_id}" if name == "nobody" else self._user(name)
        if name != "nobody":
            self.sign_in(name)
        try:
            self._initiate(user, remember_secret(f"Wrong1!{secrets.token_urlsafe(16)}"))
        except ClientError as error:
            if is_of_the_weather(error):
                raise Trouble(f"Whether {name} is let in could not be seen: {error}. Run again.") from error
            return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
        return "none"

    def act(self, visitor: Visitor, order_id: str, action: str, body: Any = None) -> Answer:
        """Take an action on an order."""
        return self.ask(visitor, "PUT", f"/orders/{order_id}", body, action=action)

    def _user(self, name: str) -> str:
        """Return a user name that Cognito accepts, without spaces."""
        words = re.findall(r"\w+", name.lower())
        return "-".join([*words, self._run_id])

    def _register(self, user: str, password: str) -> None:
        try:
            self._cognito.admin_create_user(UserPoolId=self._parts.user_pool, Username=user, MessageAction="SUPPRESS")
        except self._cognito.exceptions.UsernameExistsException:
            pass  # only this run uses these names: an answer was lost, and the call repeated
        self._cognito.admin_set_user_password(
            UserPoolId=self._parts.user_pool, Username=user, Password=password, Permanent=True
        )

    def _initiate(self, user: str, password: str) -> Any:
        return self._cognito.initiate_auth(
            ClientId=self._parts.user_pool_client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": password},
        )

    def _sign_in(self, user: str, password: str) -> Visitor:
        try:
            answer = self._initiate(user, password)
        except ClientError as error:
            reason = error.response["Error"]["Message"].rstrip(".")
            raise Trouble(f"{user} could not sign in at Cognito: {reason}. Check the user and its password.") from None
        remember_secrets_in(answer["AuthenticationResult"])
        wanted = self._dialect().token or self._parts.wants
        token = answer["AuthenticationResult"]["AccessToken" if wanted == "access" else "IdToken"]
        return Visitor(_claims(token)["sub"], token)


def _claims(token: str) -> dict[str, Any]:
    """Read a token's claims; it comes straight from Cognito, so its signature is not our concern."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
