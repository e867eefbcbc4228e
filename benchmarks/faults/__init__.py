"""Faults that the site survives: each experiment does the thing and counts the rows afterwards.

    python -m benchmarks.faults [R01 R05 …] [--times 3] [--quick]
        [--database sqlite|postgresql|both]

An experiment is a module `rNN_….py` here with a function `run(place) -> Outcome`; which databases
it is about stands in its `DATABASES`, both where it has none. The servers, databases and caches are
real processes, started by the experiment and ended by it.
"""
