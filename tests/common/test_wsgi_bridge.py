"""What goes through between an ASGI server and the pages."""

import asyncio
import threading

import pytest

from common.growing import IN_MEMORY
from common.wsgi_bridge import WsgiBridge


def scope(method="POST", headers=(), **more):
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": "/a b",
        "raw_path": b"/a%20b",
        "query_string": b"q=1",
        "headers": list(headers),
        "client": ("192.0.2.1", 4711),
        "server": ("desk.example", 80),
        "scheme": "http",
        **more,
    }


class Call:
    """One request through the bridge: what was sent back."""

    def __init__(self, application, pieces=(b"",), *, at=None, breaks_off=False, **bridge):
        self.sent = []
        self._breaks_off = breaks_off
        self._pieces = list(pieces)
        self.bridge = WsgiBridge(application, **{"threads": 2, "max_body": 10_000, **bridge})
        asyncio.run(self.bridge(at or scope(), self._receive, self._send))

    async def _receive(self):
        if not self._pieces:
            return {"type": "http.disconnect"}
        piece = self._pieces.pop(0)
        more = bool(self._pieces) or self._breaks_off
        return {"type": "http.request", "body": piece, "more_body": more}

    async def _send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message["body"] for message in self.sent[1:])


class Application:
    """A WSGI application that keeps what it was asked."""

    def __init__(self, answer=(b"fine",)):
        self.answer = answer
        self.environ = None
        self.body = None

    def __call__(self, environ, start_response):
        self.environ = environ
        self.body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return self.answer


def length(number):
    return [(b"content-length", str(number).encode())]


def test_a_request_and_its_answer_go_through():
    application = Application()
    call = Call(application, [b"hel", b"lo"], at=scope(headers=length(5)))
    assert (call.status, call.body, application.body) == (200, b"fine", b"hello")
    assert call.sent[0]["headers"] == [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")]
    asked = application.environ
    assert (asked["REQUEST_METHOD"], asked["PATH_INFO"], asked["QUERY_STRING"]) == ("POST", "/a b", "q=1")
    assert (asked["CONTENT_LENGTH"], asked["REMOTE_ADDR"]) == ("5", "192.0.2.1")


def test_a_path_outside_ascii_reaches_django_as_bytes_in_latin_1():
    application = Application()
    Call(application, at=scope(raw_path="/指南/%E6%9C%88".encode()))
    assert application.environ["PATH_INFO"].encode("latin-1").decode() == "/指南/月"


def test_a_body_said_to_be_too_long_is_refused_before_it_is_read():
    application = Application()
    call = Call(application, [], at=scope(headers=length(10_001)))
    assert (call.status, application.environ) == (413, None)


def test_a_body_that_grows_too_long_unannounced_is_refused():
    application = Application()
    call = Call(application, [b"x" * 6000, b"x" * 6000, b""])
    assert (call.status, application.environ) == (413, None)


def test_an_upload_that_breaks_off_never_reaches_the_application():
    application = Application()
    call = Call(application, [b"half of it"], at=scope(headers=length(100)), breaks_off=True)
    assert (call.sent, application.environ) == ([], None)


def test_a_client_that_is_gone_before_its_body_never_reaches_the_application():
    application = Application()
    call = Call(application, [], at=scope(headers=length(100)))
    assert (call.sent, application.environ) == ([], None)


def test_a_body_that_never_comes_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr("common.wsgi_bridge.PATIENCE", 0.05)
    application = Application()

    async def never():
        await asyncio.sleep(60)

    sent = []

    async def send(message):
        sent.append(message)

    bridge = WsgiBridge(application, threads=1, max_body=100)
    asyncio.run(bridge(scope(), never, send))
    assert (sent[0]["status"], application.environ) == (408, None)


def test_cookies_in_pieces_are_one_header_and_other_repeats_a_list():
    application = Application()
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    Call(application, at=scope(headers=headers))
    assert (application.environ["HTTP_COOKIE"], application.environ["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_a_header_with_an_underscore_cannot_pass_for_one_with_a_hyphen():
    application = Application()
    Call(application, at=scope(headers=[(b"x_forwarded_proto", b"https")]))
    assert "HTTP_X_FORWARDED_PROTO" not in application.environ


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, b"203.0.113.9", "192.0.2.1"),
        (1, b"203.0.113.9", "203.0.113.9"),
        (1, b"10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (2, b"10.9.9.9, 203.0.113.9, 172.16.0.2", "203.0.113.9"),
        (2, b"203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_client_is_whom_the_outermost_trusted_proxy_spoke_to(proxies, forwarded, address):
    application = Application()
    Call(application, at=scope(headers=[(b"x-forwarded-for", forwarded)]), proxies=proxies)
    assert application.environ["REMOTE_ADDR"] == address


def test_a_long_answer_is_sent_in_pieces_and_complete():
    parts = [bytes([number]) * 70_000 for number in range(40)]
    call = Call(Application(parts))
    assert sum(map(len, parts)) > IN_MEMORY
    assert call.body == b"".join(parts)
    assert len(call.sent) > 10
    assert not call.sent[-1].get("more_body")


def test_a_long_answer_sets_out_while_the_rest_of_it_is_computed():
    arrived = threading.Event()

    def parts():
        yield b"a" * (IN_MEMORY + 1)
        assert arrived.wait(10), "nothing was sent before everything was there"
        yield b"b"

    class Reader(Call):
        async def _send(self, message):
            await super()._send(message)
            if message.get("body"):
                arrived.set()

    body = Reader(Application(parts())).body
    assert (len(body), body[-2:]) == (IN_MEMORY + 2, b"ab")


def test_a_long_answer_that_breaks_is_never_said_to_be_complete():
    def parts():
        yield b"a" * (IN_MEMORY + 1)
        raise RuntimeError("broken")

    sent = []

    class Reader(Call):
        async def _send(self, message):
            sent.append(message)

    with pytest.raises(RuntimeError, match="broken"):
        Reader(Application(parts()))
    assert [message.get("more_body") for message in sent[1:]] == [True] * (len(sent) - 1)


def test_the_answer_is_closed_in_the_thread_that_made_it():
    class Answer(list):
        def close(self):
            self.closed_by = threading.current_thread().name

    answer = Answer([b"x"])
    Call(Application(answer))
    assert answer.closed_by.startswith("page")


def test_a_slow_reader_holds_no_thread():
    """With one thread, a reader who takes nothing does not keep the next request from being answered."""
    bridge = WsgiBridge(Application([b"x" * (IN_MEMORY + 1)]), threads=1, max_body=100)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def take_nothing(_message):
        await asyncio.sleep(60)

    async def take(message):
        sent.append(message)

    async def both():
        slow = asyncio.create_task(bridge(scope(), receive, take_nothing))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(bridge(scope(), receive, take), 5)
        slow.cancel()

    asyncio.run(both())
    assert sent[0]["status"] == 200


def test_an_error_of_the_application_is_the_servers_to_report():
    def broken(_environ, _start_response):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        Call(broken)
