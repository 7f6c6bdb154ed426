"""The desk's settings with the measured page; logging kept out of the measurement."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.one_port_urls"
