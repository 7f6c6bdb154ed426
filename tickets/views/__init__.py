"""Screens of tickets, one module a screen."""
