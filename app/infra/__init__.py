"""What every domain stands on and no domain is named in: database, events, jobs, mail, clock."""
