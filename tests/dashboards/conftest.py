"""The small desk and its callers, as the API's tests have them."""

from tests.api.conftest import api, desk

__all__ = ["api", "desk"]
