"""HTML: a package for each part of the site. A view loads, checks, acts, answers."""
