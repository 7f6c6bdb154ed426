"""Every change of a ticket: one mutation a module. Keyword-only, typed, atomic, instants as arguments."""
