"""Moving out: writers of formats that other systems read."""
