"""The rules a site starts with, before it has decisions to learn from.

Weights add up to a score. A hundred is spam: one sure sign, or three that have little to
do with each other. Being quick alone says nothing: people paste, and autofill is fast.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.engines.spam.verdict import Reason, Verdict

SPAM_FROM = 100
APPROVED_ENOUGH = 2
LINKS_TOO_MANY = 2
# Nobody reads a form and writes a sentence in it faster; a quick typist takes three.
SECONDS_TOO_FEW = 2.0
# Measured learning online, on the learning parts of public sets alone: 92 % and 82 % of spam
# reach them, 2.2 % and 0.5 % of good texts.
LEANS_TO_SPAM = 0.8
LOOKS_LIKE_SPAM = 0.99


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a new comment and its writer.

    ``proven``: the owner of the address has opened a link that was mailed to it, so
    ``approved_before`` counts comments that really were theirs. ``seconds_to_fill`` is
    ``None`` where nobody measured (an API, a form kept open over a restart). ``spam_chance``
    is the model's, ``None`` until it learnt enough; ``spam_words`` are those that speak for it.
    """

    is_staff: bool
    proven: bool
    approved_before: int
    link_count: int
    name_looks_like_staff: bool
    honeypot_filled: bool
    seconds_to_fill: float | None
    duplicate_of_recent: bool
    spam_chance: float | None = None
    spam_words: tuple[str, ...] = ()


Check = Callable[[Facts], Reason | None]


def assess(facts: Facts) -> Verdict:
    """Pass, hold or spam, and why.

    Staff pass. A hundred points are spam. Otherwise a proven writer with two approved
    comments passes unless there is a reason to look, and everybody else waits.
    """
    if facts.is_staff:
        return Verdict("pass", 0, (Reason("staff", 0, "Written by a member of the staff."),))
    suspicions = _reasons(SUSPICIONS, facts)
    score = sum(reason.weight for reason in suspicions)
    if score >= SPAM_FROM:
        return Verdict("spam", score, suspicions)
    unknown = _reasons(UNKNOWN_WRITER, facts)
    grounds = tuple(reason for reason in suspicions if reason.name not in NEVER_ALONE)
    if grounds or unknown:
        total = score + sum(reason.weight for reason in unknown)
        return Verdict("hold", total, suspicions + unknown)
    known = Reason(
        "known writer",
        0,
        f"The address is proven and {facts.approved_before} comments of it were approved before.",
    )
    return Verdict("pass", score, (known, *suspicions))


def _reasons(checks: tuple[Check, ...], facts: Facts) -> tuple[Reason, ...]:
    return tuple(reason for check in checks if (reason := check(facts)) is not None)


def honeypot(facts: Facts) -> Reason | None:
    """A field that no person sees was filled in."""
    if not facts.honeypot_filled:
        return None
    return Reason("honeypot", 100, "A field that is hidden from people was filled in.")


def links(facts: Facts) -> Reason | None:
    """Two links or more."""
    if facts.link_count < LINKS_TOO_MANY:
        return None
    return Reason("links", 35, f"It has {facts.link_count} links.")


def name_of_staff(facts: Facts) -> Reason | None:
    """A name that could be taken for the author's or a moderator's."""
    if not facts.name_looks_like_staff:
        return None
    return Reason("name of staff", 40, "The name looks like that of a member of the staff.")


def duplicate(facts: Facts) -> Reason | None:
    """The same words again, here or under another article."""
    if not facts.duplicate_of_recent:
        return None
    return Reason("duplicate", 35, "The same text was sent a short while ago.")


def too_quick(facts: Facts) -> Reason | None:
    """Sent sooner than a person could have written it."""
    seconds = facts.seconds_to_fill
    if seconds is None or seconds >= SECONDS_TOO_FEW:
        return None
    return Reason(
        "too quick", 30, f"The form was sent {max(seconds, 0):.1f} seconds after it opened."
    )


def like_spam(facts: Facts) -> Reason | None:
    """Words that stood in what moderators marked as spam. A high chance is a reason to look at
    anybody's text; a lower one only weighs. It is never enough for the spam lane by itself."""
    chance = facts.spam_chance
    if chance is None or chance < LEANS_TO_SPAM:
        return None
    words = f": {', '.join(facts.spam_words)}" if facts.spam_words else ""
    if chance < LOOKS_LIKE_SPAM:
        return Reason("leans to spam", 25, f"It reads a little like earlier spam{words}.")
    return Reason("looks like spam", 45, f"It reads like earlier spam{words}.")


def first_comments(facts: Facts) -> Reason | None:
    """Fewer than two comments approved so far."""
    if facts.approved_before >= APPROVED_ENOUGH:
        return None
    sentence = (
        "Nothing by this writer has been approved yet."
        if facts.approved_before < 1
        else "Only one comment by this writer has been approved so far."
    )
    return Reason("first comments", 5, sentence)


def address_not_proven(facts: Facts) -> Reason | None:
    """Anybody can type an address; only its owner can open the link mailed to it."""
    if facts.proven:
        return None
    return Reason("address not proven", 5, "The e-mail address has not been confirmed.")


SUSPICIONS: tuple[Check, ...] = (honeypot, links, name_of_staff, duplicate, too_quick, like_spam)
UNKNOWN_WRITER: tuple[Check, ...] = (first_comments, address_not_proven)
NEVER_ALONE = frozenset({"too quick", "leans to spam"})
