"""The author's week: what readers asked in it, put together by subject, as a mail and as a page."""
