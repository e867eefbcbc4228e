"""The demo's content: a made-up movement blog, "Even Ground", with its people, library and threads.

Text files only. Ages are relative (`days_ago`, `in_days`, `hours_after`), so that a fresh run looks
lived in whatever the date. Every person, address and story is invented.
"""
