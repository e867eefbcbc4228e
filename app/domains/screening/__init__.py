"""Intake: the facts about a new text, and the verdict of the rules on them.

Not here: the rules themselves (`engines/spam`, pure) and decisions by people (`moderation`).
"""
