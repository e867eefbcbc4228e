"""What readers report, what a report weighs, and what becomes of it."""
