"""Every change of a clock."""
