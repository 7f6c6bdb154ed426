"""What is compressed on its way to a browser, and what is not."""

import gzip

import pytest

from tests.factories import make_desk, make_ticket

pytestmark = pytest.mark.django_db
TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def engineer(client):
    desk = make_desk()
    make_ticket(desk.customer)
    client.force_login(desk.engineer)
    return client


def test_a_page_is_compressed_for_a_browser_that_takes_it_and_never_to_the_same_size(engineer):
    answers = [engineer.get("/board/", headers=TAKES_GZIP) for _ in range(6)]
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert b"<html" in gzip.decompress(answers[0].content)
    assert "Accept-Encoding" in answers[0]["Vary"]
    assert len({len(answer.content) for answer in answers}) > 1
    assert "Content-Encoding" not in engineer.get("/board/").headers


@pytest.mark.parametrize("path", ["/tickets/export.csv", "/tickets/export.xlsx"])
def test_a_download_passes_as_it_is(engineer, path):
    assert "Content-Encoding" not in engineer.get(path, headers=TAKES_GZIP).headers
