"""The promises: targets, clocks, their enforcement."""
