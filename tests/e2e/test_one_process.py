"""What runs once for many tests runs in one process of the test run."""

import os

import pytest


@pytest.mark.xdist_group("demo-desk")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process only")
def test_marked_tests_are_kept_together(request):
    assert request.node.nodeid.endswith("@demo-desk")
