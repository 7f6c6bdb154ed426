"""Who can do a ticket. Pure; products, modules and certificates by id.

A ticket asks for knowledge of its product and module only where somebody of the team has said to have it: there it is
for those who have; anywhere else anybody can. A certificate is asked for without exception.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Asked:
    """What a ticket is about, and the certificates its module and category ask for."""

    product: int | None = None
    module: int | None = None
    certificates: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Known:
    """Knowledge of a product, a module, or a module of one product; None: whichever it is."""

    product: int | None = None
    module: int | None = None

    def covers(self, asked: Asked) -> bool:
        """Whether it is knowledge of what the ticket is about."""
        return self.product in {None, asked.product} and self.module in {None, asked.module}


@dataclass(frozen=True)
class Abilities:
    """What somebody knows, and holds: each certificate with the last day it is valid, None for ever."""

    known: frozenset[Known] = frozenset()
    certificates: Mapping[int, date | None] = field(default_factory=dict)

    def holds(self, certificate: int, on: date) -> bool:
        """Whether the certificate is theirs and still valid on that day."""
        if certificate not in self.certificates:
            return False
        last = self.certificates[certificate]
        return last is None or on <= last


def can_do(abilities: Abilities, asked: Asked, *, declared: Iterable[Known], on: date) -> bool:
    """Whether somebody can do the ticket; `declared` is what the people of the team know, theirs included."""
    if not all(abilities.holds(certificate, on) for certificate in asked.certificates):
        return False
    if not any(known.covers(asked) for known in declared):
        return True
    return any(known.covers(asked) for known in abilities.known)
