"""Webhooks: other systems are told of tickets in JSON, signed."""
