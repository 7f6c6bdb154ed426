"""What all REST endpoints share: errors, paging, idempotency, tokens."""
