"""The pages that say what went wrong: they must come even when the database is what went wrong."""

import pytest
from django.test import RequestFactory

from common.views import not_found, server_error


class Unreadable:
    """A user who cannot be loaded."""

    def __getattr__(self, name):
        raise ConnectionError("the database is away")


@pytest.fixture
def request_nobody_can_place():
    request = RequestFactory().get("/portal/", headers={"Cookie": "desk_theme=dark"})
    request.user = Unreadable()
    return request


def test_the_page_about_our_mistake_needs_no_database(request_nobody_can_place):
    answer = server_error(request_nobody_can_place)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    assert "btn--primary" in page


def test_the_page_about_nothing_being_there_needs_no_database(request_nobody_can_place):
    assert not_found(request_nobody_can_place, Exception()).status_code == 404
