"""Forms of the ticket screens."""
