"""Changes of people and what they belong to."""
