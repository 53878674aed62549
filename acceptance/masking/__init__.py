"""Masks secrets in everything that is written: messages, evidence, reports, the console.

A secret is known by its name (`password=…`), by its shape (a JWT, a task token, a private key), or by its value:
values passed to `remember_secret` during the run are masked wherever they appear, in any usual encoding.

Each pass reads a text once, from left to right, and notes what to mask; so the time grows only with the length.
`structures.py` masks values of any kind, `texts.py` a text; names in it are read by `named.py` and
`tables.py`. `secret_names.py` and `secret_values.py` decide which names belong to secrets, and what looks like one.
"""

from acceptance.masking.secret_values import remember_secret
from acceptance.masking.stack_traces import revealing
from acceptance.masking.structures import masked, masked_name, masked_rows, remember_secrets_in, words_of
from acceptance.masking.values import MASK

__all__ = [
    "MASK",
    "masked",
    "masked_name",
    "masked_rows",
    "remember_secret",
    "remember_secrets_in",
    "revealing",
    "words_of",
]
