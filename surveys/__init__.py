"""Questionnaires after a resolution, and their answers."""
