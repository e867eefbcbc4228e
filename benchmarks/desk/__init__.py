"""What an hour at the desk costs the server: pages of the queue, decisions, counts, at two sizes.

    python -m benchmarks.desk [--comments 100000] [--waiting 10000] [--database both]

Makes a database of that many comments and one of ten times as many, the same number waiting in
both, and asks the program itself (a signed-in moderator, no network) for each thing in turn,
the two sizes interleaved. Prints wall and CPU time (PostgreSQL's own processes included where they
run on this machine), and by how much each grew from the one size to the other. `--share` lets a
tenth wait at both sizes instead.
"""
