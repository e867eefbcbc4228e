"""What the site keeps about people: one declaration, and what is done by it. The page that tells
readers, the copy of everything of one's own and erasing somebody all read the same tables.

Not here: forgetting by age, which is the upkeep's (`moderation.upkeep`), by the same periods.
"""
