"""Masks secrets in everything that is written: messages, evidence, reports, the console.

A secret is known by its name (`password=…`), by its shape (a JWT, a task token, a private key), or by its value:
what `remember_secret` was given during the run is masked wherever it appears, in any usual coding.

Each pass reads a text once, from left to right, and notes what to mask; so the time grows with the length only.
`structures.py` goes through values of any kind, `texts.py` through a text; names in it are read by `named.py` and
`tables.py`. Which name is that of a secret, and what looks like one, say `secret_names.py` and `secret_values.py`.
"""

from acceptance.masking.secret_values import remember_secret
from acceptance.masking.structures import masked, masked_name, masked_rows, remember_secrets_in, words_of
from acceptance.masking.values import MASK

__all__ = ["MASK", "masked", "masked_name", "masked_rows", "remember_secret", "remember_secrets_in", "words_of"]
