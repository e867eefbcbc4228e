"""What machines read: Atom feeds, the sitemap, robots.txt. Only what everyone may read, with
addresses built on the configured site."""
