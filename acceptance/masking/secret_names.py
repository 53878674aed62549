"""Decides which names belong to secrets: `TaskToken`, `db-password`, `x-api-key`, `Set-Cookie`."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache


class Kind(IntEnum):
    """How much a name says about its value; the greater it is, the less the value has to look like a secret."""

    NONE = 0
    WEAK = 1  # a secret if it looks machine-made: `signature`, `session`, `tokenType`
    COOKIE = 2  # a secret if it has a name and a value; a bakery sells cookies
    PASS = 3  # a secret unless it counts or describes tests that passed
    PLURAL = 4  # a secret unless it is a number: `tokens`
    STRONG = 5  # always a secret


_LONGEST = 100
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_HARMLESS = re.compile(r"secretar(?:y|ies|iat)|passport|tokeni[sz]\w*|passwordless|keyboard|monkeys?")
_STRONG = re.compile(
    r"token|password|passwort|passwd|passphrase|passcode|pwd|secret|authori[sz]ation|xapikey|apikey|accesskey|"
    r"privatekey|clientkey|signingkey|encryptionkey|accountkey|sharedkey|masterkey|authkey|securitykey|sessionkey|licensekey|jwt|"
    # In other languages.
    "kennwort|geheimnis|zugangscode|motdepasse|^mdp$|^jeton$|contrase[ñn]a|^senha$|parolachiave|wachtwoord|lösenord|"
    "adgangskode|hasło|пароль|パスワード|密码|密碼"
)
_WEAK = re.compile(r"signature|session|credential|bearer|assertion|^clave$")
_ENDS_OF_SEVERAL = ("key", "token", "password", "secret", "passe")  # of a name of several words, such as "API key"
_WEAK_WORDS = frozenset({"auth", "sid", "otp", "pin", "pw", "psk", "sig"})
# `InvalidToken: …` is an error, `token_count` a number, `secret_name` no secret.
_ABOUT_BEFORE = re.compile("invalid|expired|missing|unknown|bad|no|malformed|unrecognized|wrong|without")
_ABOUT_AFTER = re.compile(
    "errors?|exception|mismatch|expire[ds]|expiry|required|policy|length|counts?|types?|limit|size|rotation|names?|ids?|"
    "arn|age|ttl|fields?|file|path|url|uri|endpoint|used|refused|is|was"
)


@lru_cache(maxsize=4096)
def kind_of(name: str) -> Kind:
    """Return how secret the value of a name is."""
    if len(name) > _LONGEST:
        name = name[-_LONGEST:]
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or (" " in name.strip() and words[-1] not in _ENDS_OF_SEVERAL):
        return Kind.NONE
    joined = _HARMLESS.sub("", "".join(word for word in words if not word.isdigit()))
    last = next((word for word in reversed(words) if not word.isdigit()), "")
    if last in ("cookie", "cookies"):
        return Kind.COOKIE
    if _STRONG.search(joined):
        if _ABOUT_BEFORE.fullmatch(words[0]) or _ABOUT_AFTER.fullmatch(last):
            return Kind.WEAK
        plural = last.endswith("s") and last not in ("pass", "s") and _STRONG.search(last.rstrip("s"))
        return Kind.PLURAL if plural else Kind.STRONG
    if last == "pass":
        return Kind.PASS
    if _WEAK.search(joined) or last in _WEAK_WORDS:
        return Kind.WEAK
    return Kind.NONE
