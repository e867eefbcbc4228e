"""What the first look at a new comment says, with a reason for every point of it.

Not here: where the facts come from, and what becomes of the comment.
"""
