"""Whatever the checks of the intake may be told about a text."""

from __future__ import annotations

from hypothesis import strategies as st

from app.engines.said import says
from app.engines.spam.facts import Facts
from app.engines.spam.model import Word
from app.engines.spam.rules import Effect, Match


def match(effect: Effect, line: str = "chest pain") -> Match:
    return Match(
        7,
        "Pain",
        effect,
        line,
        says("It says “%(line)s” (rule “%(rule)s”).", line=line, rule="Pain"),
        None,
        "See a doctor.",
    )


CHANNEL = Word("h:channel.example", 4.1, 4.1).shown
shares = st.floats(0, 1)
any_facts = st.builds(
    Facts,
    is_staff=st.booleans(),
    proven=st.booleans(),
    approved_before=st.integers(0, 5),
    decided_lately=st.integers(0, 9),
    turned_down_lately=st.integers(0, 9),
    standing=st.none() | st.just("Rude"),
    link_count=st.integers(0, 5),
    new_hosts=st.just(()) | st.just(("a.example",)),
    short_hosts=st.just(()) | st.just(("bit.ly",)),
    name_looks_like_staff=st.booleans(),
    namesake=st.just("") | st.just("Bo"),
    honeypot_filled=st.booleans(),
    seconds_to_fill=st.none() | st.floats(-5, 1e6),
    same_by_others=st.booleans(),
    likeness=shares,
    like_own=st.booleans(),
    capitals=shares,
    foreign_letters=shares,
    scripts=st.just(("Cyrillic",)),
    disguised_words=st.just(()) | st.just(("pаypal",)),  # noqa: RUF001
    matches=st.lists(st.sampled_from(Effect).map(match), max_size=3).map(tuple),
    spam_chance=st.none() | shares,
    spam_words=st.just(()) | st.just((CHANNEL,)),
    loud_words=st.just(()) | st.just((CHANNEL,)),
    opinion_wanted=st.booleans(),
)
