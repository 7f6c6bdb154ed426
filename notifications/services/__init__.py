"""Writing notices, and sending what has to leave."""
