"""The users who may log in: user names, roles, and salted password hashes."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from desk import tables

ROLES = ("customer", "inventory", "warehouse", "logistics", "delivery")
# scrypt's cost: 16 MiB and a few hundredths of a second per attempt.
N, R, P, SALT_BYTES = 2**14, 8, 1, 16


@dataclass(frozen=True)
class Person:
    """A user who has logged in."""

    user: str
    name: str


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=N, r=R, p=P)


def who(user: str, password: str, role: str) -> Person | None:
    """Return the user, or None for a wrong password, an unknown user name or another role.

    All of these take the same time, so the time does not reveal which user names exist.
    """
    found = tables.read("staff", user=user) if user else None
    salt = bytes.fromhex(found["salt"]) if found else bytes(SALT_BYTES)
    expected = bytes.fromhex(found["hash"]) if found else bytes(64)
    right = hmac.compare_digest(_hash(password, salt), expected)
    return Person(user, found["name"]) if found and right and found["role"] == role else None


def let_in(user: str, name: str, role: str, password: str) -> None:
    """Add a user. An existing user of this name is replaced."""
    salt = secrets.token_bytes(SALT_BYTES)
    item = {"user": user, "name": name, "role": role, "salt": salt.hex(), "hash": _hash(password, salt).hex()}
    tables.ask("put_item", TableName=tables.name_of("staff"), Item=tables.typed(item))
