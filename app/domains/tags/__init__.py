"""Tags: a slug, a description, and the words in which readers say it.

Not here: which things carry a tag (each domain keeps its own links to tags).
"""
