"""Tickets: the record, its workflow, its conversation and history."""
