"""The desk: what waits, the decisions on it, and their undoing. The queue is a query.

Not here: what a state may become (`comments.states`).
"""
