"""What was done about a sender: notes, warnings, holds, suspensions and bans.

A measure is about an account, an address, a pattern of addresses, or a network. Not here: what a
sender wrote (`comments`), and who may take a measure (`moderation.policy`).
"""
