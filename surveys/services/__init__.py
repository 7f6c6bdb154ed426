"""Every change of an invitation or an answer."""
