"""What waits at the desk and how it is asked for: lanes, filters, counts, who looks at what."""
