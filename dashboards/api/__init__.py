"""Figures and statements over REST."""
