"""Following: who wants to hear of what is new somewhere, and how they hear of it."""
