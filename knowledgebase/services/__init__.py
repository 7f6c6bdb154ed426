"""Changes to the handbook."""
