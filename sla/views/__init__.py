"""Pages about promises."""
