"""Every table of the program and what it says about people, in parts. A test compares it with the
models: a column that stands nowhere here fails it."""
