"""The demo's content: the blog Even Ground, its library, its people and their threads, as files.

Accounts and guests stand in `people.toml`, tags and resources beside it, one Markdown file an
article with its front matter between `+++` lines, and one file of threads an article, named after
it. Not here: how it is put into a database (`app.cli.demo`).
"""
