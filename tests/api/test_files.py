"""Files over REST."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import NOON, make_ticket
from tickets.models import Attachment
from tickets.services.attaching import claim
from tickets.services.replying import reply

UPLOADS = "/api/v1/uploads"
TICKETS = "/api/v1/tickets"
JSON = {"content_type": "application/json"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(program, content: bytes = b"ORA-00060", name: str = "日志.txt"):
    return program.post(UPLOADS, {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_sent_named_in_a_ticket_and_fetched_by_the_team(desk, api):
    sent = send(api(desk.customer))
    assert sent.status_code == 201
    assert {**sent.json(), "key": "", "url": ""} == {
        "key": "", "name": "日志.txt", "content_type": "text/plain", "size": 9, "url": "",
    }  # fmt: skip
    number = (
        api(desk.customer)
        .post(
            TICKETS,
            {
                "subject": "报表",
                "description": "见附件",
                "product": "yonyou-nc-cloud",
                "module": "reports",
                "attachments": [sent.json()["key"]],
            },
            **JSON,
        )
        .json()["number"]
    )
    listed = api(desk.engineer).get(f"{TICKETS}/{number}/attachments").json()["results"]
    assert listed == [sent.json()]
    fetched = api(desk.engineer).get(listed[0]["url"])
    assert b"".join(fetched.streaming_content) == b"ORA-00060"
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert api(desk.stranger).get(listed[0]["url"]).status_code == 404


def test_a_file_comes_with_a_reply(desk, api):
    ticket = make_ticket(desk.customer)
    key = send(api(desk.engineer)).json()["key"]
    said = {"body": "请看", "attachments": [key]}
    message = api(desk.engineer).post(f"{TICKETS}/{ticket.number}/replies", said, **JSON).json()["message"]
    assert [file["key"] for file in message["attachments"]] == [key]


def test_a_file_is_named_once_and_by_its_sender_only(desk, api):
    url = f"{TICKETS}/{make_ticket(desk.customer).number}/replies"
    key = send(api(desk.customer)).json()["key"]
    assert api(desk.engineer).post(url, {"body": "x", "attachments": [key]}, **JSON).status_code == 422
    assert api(desk.customer).post(url, {"body": "x", "attachments": [key]}, **JSON).status_code == 201
    for keys in ([key], [str(uuid.uuid4())]):
        again = api(desk.customer).post(url, {"body": "x", "attachments": keys}, **JSON)
        assert (again.status_code, set(again.json()["fields"])) == (422, {"attachments"})


def test_the_files_of_a_note_are_for_the_team_alone(desk, api):
    ticket = make_ticket(desk.customer)
    key = send(api(desk.engineer)).json()["key"]
    note = reply(ticket_id=ticket.pk, author=desk.engineer, body="内部", at=NOON, public=False)
    file = Attachment.objects.get(key=key)
    claim(attachments=[file], ticket=ticket, message=note.message, uploader=desk.engineer)
    assert api(desk.customer).get(f"{TICKETS}/{ticket.number}/attachments").json()["results"] == []
    assert api(desk.customer).get(f"/api/v1/attachments/{key}").status_code == 404
    assert api(desk.manager).get(f"/api/v1/attachments/{key}").status_code == 200


def test_before_it_is_named_a_file_is_its_senders(desk, api):
    url = send(api(desk.customer)).json()["url"]
    assert api(desk.customer).get(url).status_code == 200
    assert api(desk.colleague).get(url).status_code == 404
    assert api(desk.admin).get(url).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"file": SimpleUploadedFile("leer.txt", b"")}, 422),
        ({}, 422),
        ({"file": "text"}, 422),
        ({"other": SimpleUploadedFile("x.txt", b"x")}, 422),
    ],
)
def test_what_is_no_file_is_refused(desk, api, body, status):
    answer = api(desk.customer).post(UPLOADS, body)
    assert (answer.status_code, set(answer.json()["fields"])) == (status, {"file"})


def test_a_file_past_the_limit_is_refused_whether_it_says_so_or_not(desk, api, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000
    for size in (1001, 200_000):
        answer = send(api(desk.customer), b"x" * size)
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert not Attachment.objects.exists()


def test_json_is_no_upload(desk, api):
    assert api(desk.customer).post(UPLOADS, {"file": "x"}, **JSON).status_code == 415


def test_a_broken_multipart_body_is_refused(desk, api):
    answer = api(desk.customer).post(UPLOADS, b"--x", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400
