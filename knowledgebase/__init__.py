"""The handbook: articles with ordered steps, and their search."""
