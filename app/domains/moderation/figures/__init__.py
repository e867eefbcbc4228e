"""The desk in numbers: for those who sit at it, and for everybody."""
