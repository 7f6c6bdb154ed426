"""Changes of what the desk works with that others have to hear of."""
