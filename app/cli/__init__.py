"""Commands: `flask --app wsgi …`."""
