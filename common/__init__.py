"""Building blocks without a domain: events, errors, text, search, live updates, health."""
