"""Figures and screens for managers."""
