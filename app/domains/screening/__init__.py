"""Intake: the facts about a new text, the verdict of the rules on them, and what was learnt.

The model's numbers live in `spam_term`, the verdicts they came from in `spam_lesson`.
Not here: the rules and the arithmetic (`engines/spam`, pure) and decisions by people
(`moderation`).
"""
