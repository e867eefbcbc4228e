"""Who is behind the texts: what is known of them, and the measures taken."""
