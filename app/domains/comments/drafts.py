"""What comes in at the door: the typed text as frozen facts, and who typed it."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domains.accounts.models import Account
from app.domains.comments.states import Kind

BODY_LIMIT = 10_000
"""Characters in one text. Rendering costs at most 40 us a character (security.md), so 0.4 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An admitted text (`engines.text.admission`). `kind` None leaves it to the guess;
    `trap_filled` and `seconds_to_fill` tell a person from a program."""

    source: str
    kind: Kind | None = None
    name: str = ""
    email: str = ""
    trap_filled: bool = False
    seconds_to_fill: float | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The machine a text came from: its address as far as proxies are believed, and what it says
    of itself. Only the shortened network is stored, for 30 days."""

    address: str
    agent: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who is writing: an account, or a guest. `proven` are the ids of the addresses that were
    proven in this browser; a typed address that is not among them proves nothing. `sent` are the
    ids of texts that this browser sent. `origin` is None where no machine sent the text (an import,
    a command)."""

    account: Account | None = None
    proven: frozenset[int] = field(default_factory=frozenset)
    origin: Origin | None = None
    sent: frozenset[int] = field(default_factory=frozenset)

    def has_proven(self, address_id: int | None) -> bool:
        return address_id is not None and address_id in self.proven
