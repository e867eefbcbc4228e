"""Answer cards: one answer that serves many questions.

A card is the author's text with the resources and articles it rests on; a question linked to it
shows a live copy in its own thread. Not here: how a card is found (`search`), and the questions
themselves (`comments`, which stand above and are known here by their ids alone).
"""
