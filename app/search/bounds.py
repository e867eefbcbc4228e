"""How much of what matches is ranked, and how a word weighs."""

from __future__ import annotations

TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT = 3.0, 1.0, 2.0
"""Title three to one, as measured on real questions; tags between, since a person chose them."""
WRITTEN = ("article", "card", "resource")
"""The kinds that answer. Beside the questions they are few."""
MOST_RANKED = 2_000
"""Matches that are all ranked. ts_rank_cd takes 10 microseconds each."""
RANKED_OF_MANY = 300
"""Of more matches, the newest are ranked, and no page leads further. Where every tenth of five
million texts matches, PostgreSQL takes 2.4 ms to find and rank 300 of them, 4.9 for 500, 10 for
1,000 and 19 for 2,000; in five thousand texts it takes 2.3 for all. More of them would make a
search dearer on a larger site, and bring only questions that are older still."""
RANKED_OF_WRITTEN = 300
"""Of what is WRITTEN and older than these, the newest that match are ranked too."""
WRITTEN_WEIGHT = 3.0
"""What is WRITTEN weighs so much more, where many have the words. It is longer than a question, and
both databases take a word in a long text for less: with the word in its title and now and then in
nine hundred words it comes before the questions, with one mention of it behind them."""
ASKED, TWICE = 250, 2
"""The newest documents, by which PostgreSQL is asked how common an expression is (0.6 ms), and how
many of them must match: one alone may do so by chance."""
WRITTEN_LOOKED_THROUGH = 2_000
"""Of each kind that is WRITTEN, the newest, in which PostgreSQL looks for these: 1 to 2
microseconds each. SQLite looks through all that matches, 0.03 microseconds each."""
LOOKED_THROUGH = 20_000
"""The newest documents, in which PostgreSQL looks for what is common: 30 ms where it finds little,
5 ms for a word of every tenth text."""
ENOUGH = 60
"""Matches among these, three pages. Of fewer it is not believed that the newest stand for all."""
