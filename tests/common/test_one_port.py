"""Uploads, downloads and slow clients at a real server."""

import os
import socket
import time

import httpx
import pytest

pytestmark = pytest.mark.e2e
MEGABYTE = 1024 * 1024


@pytest.fixture
def client(stack):
    """A signed-in customer's connection."""
    cookies = {"sessionid": stack.session(stack.people["customer"]), "csrftoken": "x" * 32}
    headers = {"X-CSRFToken": "x" * 32, "Accept": "application/json"}
    with httpx.Client(base_url=stack.url, cookies=cookies, headers=headers, timeout=30) as client:
        yield client


def open_socket(stack, text):
    connection = socket.create_connection(("127.0.0.1", stack.port), timeout=20)
    connection.sendall(text.replace("\n", "\r\n").encode())
    return connection


def test_a_large_file_goes_up_and_comes_down_as_it_was(client):
    content = os.urandom(15 * MEGABYTE)
    sent = client.post("/uploads/", files={"files": ("backup.zip", content)})
    assert sent.status_code == 201
    back = client.get(sent.json()["attachments"][0]["url"])
    assert back.content == content


def test_an_upload_that_breaks_off_leaves_nothing_behind(stack, client):
    count = "SELECT count(*) FROM tickets_attachment"
    before = stack.sql(count)
    boundary = "xxBOUNDARYxx"
    part = (
        f'--{boundary}\nContent-Disposition: form-data; name="files"; filename="half.txt"\n\n{"half " * 1000}'
    )
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    connection = open_socket(
        stack,
        f"POST /uploads/ HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookies}\nX-CSRFToken: {'x' * 32}\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\nContent-Length: 900000\n\n{part}",
    )
    time.sleep(0.5)
    connection.close()
    time.sleep(1)
    assert stack.sql(count) == before


def test_a_body_past_the_bound_is_refused_before_it_is_sent(stack):
    with open_socket(
        stack, "POST /uploads/ HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 999999999\n\n"
    ) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_clients_that_send_and_read_slowly_keep_nobody_waiting(stack, client):
    """More of them than there are threads in all processes together."""
    content = os.urandom(19 * MEGABYTE)
    address = client.post("/uploads/", files={"files": ("big.bin", content)}).json()["attachments"][0]["url"]
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    slow = []
    try:
        for _number in range(12):
            slow.append(
                open_socket(
                    stack, "POST /uploads/ HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 500000\n\nthe beginning"
                )
            )
            # Asks for a file and reads none of it.
            slow.append(open_socket(stack, f"GET {address} HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookies}\n\n"))
        time.sleep(1)
        # On new connections, so that both processes are asked.
        for _number in range(6):
            began = time.monotonic()
            assert httpx.get(f"{stack.url}/accounts/login/", timeout=20).status_code == 200
            assert time.monotonic() - began < 10
    finally:
        for connection in slow:
            connection.close()
