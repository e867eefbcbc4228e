"""Backups: one file with the database and the pictures, checked after it was written.

It is a tar archive: `manifest.json` (what is in it, with hashes and row counts), the database
(`database.sqlite`, or `database.dump` in pg_dump's custom format) and `media/`. Who is signed in,
and which mailed links are open, is not in it.
"""
