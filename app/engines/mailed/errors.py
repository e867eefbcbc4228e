"""What is no mail that could be read."""


class Unreadable(Exception):
    """The text is one line that says why, for whoever runs the site."""
