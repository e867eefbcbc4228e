"""What a page costs over HTTP, beside what the same bytes cost where nothing has to be done.

A site with 100,000 comments is served as operators serve it, on one core; we ask from another.
Every subject is asked in every round, one after another, so that whatever else the machine does
meets all of them alike; each figure is the median of its rounds. CPU time is that of the served
process and of all that it started, the database (SQLite) included.
"""
