"""Histories of other systems: `reading` takes files apart, `mapping` says what rows mean, `writing` stores."""
