"""The addresses of tickets, by audience."""
