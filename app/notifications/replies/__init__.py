"""Answers by mail: the addresses that mails bear, and what comes to them.

A mail about a text has a `Reply-To` that names, signed, whom it went to and what it is about. What
comes to it is placed by the same services as what is typed into a form.
"""
