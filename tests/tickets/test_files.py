"""Uploading files, and fetching them again."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from structlog.testing import capture_logs

from tests.factories import NOON, make_desk, make_ticket
from tickets.models import Attachment, Ticket
from tickets.services.attaching import UPLOADS_PER_HOUR, claim
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def desk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOON, tick=False):
        yield make_desk()


def send(client, user, name="底稿.png", content=PNG, **headers):
    client.force_login(user)
    upload = SimpleUploadedFile(name, content) if name else SimpleUploadedFile("x", content)
    return client.post(reverse("upload"), {"files": upload}, headers=headers)


def uploaded(client, user, name="底稿.png", content=PNG) -> Attachment:
    assert send(client, user, name, content).status_code == 201
    return Attachment.objects.latest("pk")


def attached(client, desk, name="底稿.png", content=PNG, **where) -> Attachment:
    """A file on the customer's ticket."""
    found = uploaded(client, desk.customer, name, content)
    claim(
        attachments=[found], ticket=where.get("ticket") or make_ticket(desk.customer), uploader=desk.customer
    )
    found.refresh_from_db()
    return found


def test_an_upload_is_kept_and_answered_with_its_key(client, desk):
    answer = send(client, desk.customer)
    kept = Attachment.objects.get()
    assert answer.status_code == 201
    assert f'name="attachments" value="{kept.key}"' in answer.text
    assert "底稿.png" in answer.text
    assert (kept.uploaded_by, kept.ticket, kept.size) == (desk.customer, None, len(PNG))


def test_a_program_gets_the_key_as_json(client, desk):
    answer = send(client, desk.customer, accept="application/json")
    kept = Attachment.objects.get()
    assert answer.json() == {
        "attachments": [
            {
                "key": str(kept.key),
                "name": "底稿.png",
                "size": len(PNG),
                "url": f"/attachments/{kept.key}/",
            }
        ]
    }


def test_a_too_large_file_is_refused_with_a_sentence_and_never_kept(client, desk, settings):
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    answer = send(client, desk.customer, "大文件.zip", b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "大文件.zip" in answer.text
    assert "1 MB" in answer.text
    assert not Attachment.objects.exists()
    assert send(client, desk.customer, "刚好.zip", b"x" * 1024 * 1024).status_code == 201


def test_a_hundred_megabytes_are_not_taken(client, desk):
    assert send(client, desk.customer, "备份.zip", b"x" * 100 * 1024 * 1024).status_code == 413
    assert not Attachment.objects.exists()


def test_the_others_of_a_request_are_kept_beside_a_too_large_one(client, desk, settings):
    settings.ATTACHMENT_MAX_BYTES = 3_000_000
    client.force_login(desk.customer)
    small, large = (SimpleUploadedFile(n, c) for n, c in (("a.txt", b"a"), ("b.zip", b"x" * 3_000_001)))
    answer = client.post(reverse("upload"), {"files": [large, small]})
    assert (answer.status_code, Attachment.objects.get().name) == (413, "a.txt")


def test_an_empty_file_and_no_file_are_refused(client, desk):
    assert send(client, desk.customer, "空.txt", b"").status_code == 422
    assert client.post(reverse("upload"), {}).status_code == 422
    assert not Attachment.objects.exists()


def test_more_than_the_hourly_allowance_has_to_wait_whatever_was_sent_meanwhile(client, desk):
    uploaded(client, desk.customer)
    ticket = make_ticket(desk.customer)
    one = Attachment.objects.get()
    Attachment.objects.bulk_create(
        Attachment(
            key=uuid4(),
            uploaded_by=desk.customer,
            name="x",
            content_type="text/plain",
            size=1,
            file=one.file.name,
            created_at=NOON,
            ticket=ticket if number % 2 else None,
        )
        for number in range(UPLOADS_PER_HOUR - 1)
    )
    assert send(client, desk.customer).status_code == 429
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert send(client, desk.customer).status_code == 201


def test_somebody_signed_out_is_told_so_in_a_sentence(client, desk):
    answer = client.post(reverse("upload"), {"files": SimpleUploadedFile("a.txt", b"a")})
    assert (answer.status_code, answer.headers["Content-Type"][:10]) == (401, "text/plain")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\帐\\凭证.xlsx", "凭证.xlsx"),
        ("a\r\nb.txt", "ab.txt"),
        ("发票\0.pdf", "发票.pdf"),
        ("📎 凭证 🧾.png", "📎 凭证 🧾.png"),
        ("..\\..\\.html", "html"),
        ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_names_lose_paths_and_control_characters(client, desk, given, kept):
    client.force_login(desk.customer)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="'
        + given.replace("\\", "\\\\").replace("\r\n", "\x01").encode()
        + b'"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
    )
    answer = client.post(reverse("upload"), body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 201
    assert Attachment.objects.get().name == kept


def test_until_it_is_claimed_only_the_uploader_sees_it(client, desk):
    address = uploaded(client, desk.customer).get_absolute_url()
    assert client.get(address).status_code == 200
    for other in (desk.colleague, desk.stranger, desk.engineer, desk.admin):
        client.force_login(other)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_whoever_sees_the_ticket_sees_its_files(client, desk):
    address = attached(client, desk).get_absolute_url()
    seen = {}
    for role, user in desk.people().items():
        client.force_login(user)
        seen[role] = client.get(address).status_code
    assert seen == {
        "customer": 200,
        "colleague": 200,
        "stranger": 404,
        "engineer": 200,
        "engineer2": 404,
        "manager": 200,
        "admin": 200,
    }


def test_files_of_an_internal_note_are_for_its_agents_alone(client, desk):
    ticket = make_ticket(desk.customer)
    address = []
    for public in (True, False):
        kept = uploaded(client, desk.engineer)
        reply(
            ticket_id=ticket.pk, author=desk.engineer, body="看", at=NOON, public=public, attachments=[kept]
        )
        address.append(kept.get_absolute_url())
    for user, expected in ((desk.customer, [200, 404]), (desk.engineer, [200, 200])):
        client.force_login(user)
        assert [client.get(each).status_code for each in address] == expected


def test_a_picture_is_shown_and_boxed_in(client, desk):
    answer = client.get(attached(client, desk).get_absolute_url())
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content) == PNG


@pytest.mark.parametrize("name", ["页面.html", "图.svg", "脚本.xhtml", "凭证.pdf", "无后缀"])
def test_anything_else_is_only_downloaded(client, desk, name):
    answer = client.get(attached(client, desk, name, b"<script>alert(1)</script>").get_absolute_url())
    assert answer.headers["Content-Type"] == "application/octet-stream"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert re.fullmatch(r"[\x20-\x7e]+", disposition)


def test_head_answers_without_the_body(client, desk):
    address = attached(client, desk, "凭证.pdf", b"%PDF").get_absolute_url()
    answer = client.head(address)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "4")
    assert client.post(address).status_code == 405


def test_a_file_missing_on_disk_is_not_found_and_logged(client, desk):
    found = attached(client, desk)
    found.file.storage.delete(found.file.name)
    with capture_logs() as logs:
        assert client.get(found.get_absolute_url()).status_code == 404
    told = {(line["event"], line.get("attachment")) for line in logs}
    assert ("attachment_file_missing", str(found.key)) in told
    assert Ticket.objects.filter(pk=found.ticket_id).exists()


def test_made_up_keys_are_not_found(client, desk):
    client.force_login(desk.customer)
    assert client.get(reverse("attachment", args=[uuid4()])).status_code == 404
    assert client.get("/attachments/../../etc/passwd/").status_code == 404
