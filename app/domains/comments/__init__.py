"""Questions, answers and replies: one row each, from the typed text to what is published.

A question is a comment that asks; an answer is a published reply of the author's in its thread.
Not here: who decides in the queue (`moderation`) and by which rules a text waits (`screening`).
"""
