"""Promises over REST."""
