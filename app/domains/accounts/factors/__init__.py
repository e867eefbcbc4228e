"""What an account asks for beside the password or the mailed link: an app's codes, passkeys, and
codes on paper for when both are lost.

Not here: what somebody may do once they are in, and the half-way state of a browser between the two
steps (`web.accounts.halfway`).
"""
