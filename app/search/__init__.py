"""Search over articles, resources and published questions: rows kept in step, one query."""
