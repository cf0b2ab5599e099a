"""What anything in this package may raise: the base of its errors, and wrong input."""

from __future__ import annotations


class AculabError(Exception):
    """Base of every error of this package.

    Raised itself only for what no class below it names: a sandbox that is not serving, say.
    """


class InvalidInputError(AculabError, ValueError):
    """An argument that cannot be sent as it is. Nothing was sent.

    The message names the argument and the rule. It quotes neither passwords nor the text of a
    proxy address.
    """


class WrongOverloadError(InvalidInputError, TypeError):
    """No documented signature takes these arguments. The message lists the documented ones."""
