"""People: accounts, roles, sessions, and addresses proven by a mailed link.

Not here: what somebody may do with a question (that is `policy` of the domain that owns it).
"""
