"""What was done, read and undone."""
