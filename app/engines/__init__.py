"""Pure calculation: facts in, values out. No Flask, no SQLAlchemy, no clock, no I/O."""
