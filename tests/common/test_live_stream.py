"""The live stream of a real server, as a browser hears it."""

import json
import queue
import signal
import threading
import time

import httpx
import pytest

pytestmark = pytest.mark.e2e


class Ear:
    """Listens to the stream in a thread of its own."""

    def __init__(self, desk, email):
        self.heard = queue.Queue()
        self.status = None
        self.ended = threading.Event()
        self._client = httpx.Client(base_url=desk.url, cookies={"sessionid": desk.session(email)}, timeout=30)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        if self.next() != ("hello", {}):
            raise AssertionError("the stream does not begin with hello")

    def _listen(self):
        try:
            with self._client.stream("GET", "/live/") as response:
                self.status = response.status_code
                event = ""
                for line in response.iter_lines():
                    if line.startswith("event: "):
                        event = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self.heard.put((event, json.loads(line.removeprefix("data: "))))
        except httpx.HTTPError:
            pass
        finally:
            self.ended.set()

    def next(self, timeout=10.0):
        return self.heard.get(timeout=timeout)

    def next_ticket(self, timeout=10.0):
        """The number of the next ticket heard of; what is said about the stream itself is passed over."""
        while True:
            event, data = self.next(timeout)
            if event == "ticket":
                return data["number"]

    def next_that_is(self, wanted, timeout=15.0):
        deadline = time.monotonic() + timeout
        while (found := self.next(deadline - time.monotonic())[0]) != wanted:
            pass
        return found

    def rest(self):
        """The tickets among what was heard and not yet taken."""
        taken = []
        while not self.heard.empty():
            taken.append(self.heard.get())
        return [data["number"] for event, data in taken if event == "ticket"]

    def close(self):
        self._client.close()


@pytest.fixture
def desk(stack):
    assert stack.people
    return stack


@pytest.fixture
def ears(desk):
    """Opens ears by the name before the @, and closes them."""
    opened = []

    def listen(name):
        opened.append(Ear(desk, f"{name}@test.example"))
        return opened[-1]

    yield listen
    for ear in opened:
        ear.close()
        ear.ended.wait(5)
    # Until the server has noticed, the streams count against their reader.
    time.sleep(0.3)


# Filed now: nothing falls due while somebody listens.
MAKE = """
from accounts.models import User
from common import clock
from tests.factories import make_ticket
result = make_ticket(User.objects.get(email="{name}@test.example"), module="{module}", at=clock.now()).number
"""


def file_ticket(desk, name="customer", module="reports"):
    return desk.python(MAKE.format(name=name, module=module))


def test_a_new_ticket_is_heard_by_those_who_may_see_it(desk, ears):
    near = [ears(name) for name in ("customer", "colleague", "engineer", "manager", "admin")]
    number = file_ticket(desk)
    assert [ear.next_ticket() for ear in near] == [number] * 5


def test_a_new_ticket_is_not_heard_by_those_who_may_not_see_it(desk, ears):
    far = [ears(name) for name in ("stranger", "engineer2")]
    near = ears("engineer")
    file_ticket(desk)
    near.next_ticket()
    own = file_ticket(desk, "stranger", module="platform")
    assert [ear.next_ticket() for ear in far] == [own, own]


def test_who_may_hear_for_two_reasons_hears_once(desk, ears):
    ear = ears("colleague")
    first, second = file_ticket(desk, "colleague"), file_ticket(desk, "colleague")
    assert [ear.next_ticket(), ear.next_ticket()] == [first, second]
    assert ear.rest() == []


def test_what_is_rolled_back_is_not_heard(desk, ears):
    ear = ears("customer")
    desk.python(
        "from django.db import transaction\n"
        "with transaction.atomic():\n"
        + "".join(f"    {line}\n" for line in MAKE.format(name="customer", module="gl").strip().splitlines())
        + "    transaction.set_rollback(True)\n"
    )
    number = file_ticket(desk)
    assert ear.next_ticket() == number


def test_an_internal_note_is_heard_by_staff_alone(desk, ears):
    number = file_ticket(desk)
    staff, customer = ears("engineer"), ears("customer")
    desk.python(
        "from accounts.models import User\n"
        "from tickets.models import Ticket\n"
        "from tickets.services.replying import reply\n"
        "from tests.factories import NOON\n"
        "ticket = Ticket.objects.latest('pk')\n"
        'author = User.objects.get(email="engineer@test.example")\n'
        'reply(ticket_id=ticket.pk, author=author, body="查日志", at=NOON, public=False)\n'
    )
    assert staff.next_ticket() == number
    later = file_ticket(desk)
    assert customer.next_ticket() == later


def test_who_signs_out_hears_bye_and_no_more(desk, ears):
    ear = ears("customer")
    desk.python("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    ear.next_that_is("bye")
    assert ear.ended.wait(5)


def test_who_is_deactivated_hears_bye_and_no_more(desk, ears):
    ear = ears("stranger")
    desk.sql("UPDATE accounts_user SET is_active = false WHERE email = 'stranger@test.example'")
    try:
        ear.next_that_is("bye")
        assert ear.ended.wait(5)
    finally:
        desk.sql("UPDATE accounts_user SET is_active = true WHERE email = 'stranger@test.example'")


JOIN = """
from accounts.models import Role
from tests.factories import join, make_user
join(make_user("mover@test.example", Role.ENGINEER, password=None), "platform")
"""
MOVE = """
from accounts.models import Team, TeamMembership
TeamMembership.objects.filter(user__email="mover@test.example").update(team=Team.objects.get(code="gl"))
"""
# Nobody's colleague afterwards: others look at the people of that team.
LEAVE = """
from accounts.models import User
User.objects.filter(email="mover@test.example").update(is_active=False)
"""


def test_who_changes_teams_hears_the_new_team_and_not_the_old(desk, ears):
    desk.python(JOIN)
    ear = ears("mover")
    desk.python(MOVE)
    try:
        time.sleep(6)
        file_ticket(desk, module="platform")
        number = file_ticket(desk, module="gl")
        assert ear.next_ticket() == number
    finally:
        desk.python(LEAVE)


def test_a_caller_who_is_not_signed_in_is_told_not_to_come_back(desk):
    assert httpx.get(f"{desk.url}/live/").status_code == 204
    assert httpx.get(f"{desk.url}/live/", headers={"Cookie": "sessionid=nonsense"}).status_code == 204


def test_the_stream_is_only_read(desk):
    assert httpx.post(f"{desk.url}/live/").status_code == 405


def test_one_person_keeps_a_bounded_number_of_streams_open(desk, ears):
    # Six a process, two processes: the thirteenth is refused wherever it lands.
    cookies = {"sessionid": desk.session("manager@test.example")}
    statuses = []
    with httpx.Client(base_url=desk.url, cookies=cookies) as client:
        streams = [client.stream("GET", "/live/") for _number in range(13)]
        try:
            statuses = [stream.__enter__().status_code for stream in streams]
        finally:
            for stream in streams:
                stream.__exit__(None, None, None)
    assert statuses.count(200) <= 12
    assert set(statuses) == {200, 429}


def test_open_streams_hold_no_more_database_connections_than_the_look_ups(desk, ears):
    listening = [ears(name) for name in ("customer", "colleague", "engineer", "manager", "admin", "stranger")]
    time.sleep(1.5)
    rows = desk.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state = 'idle in transaction'",
        desk.database,
    )
    held = desk.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", desk.database)
    assert rows == [(0,)]
    # Two look-up threads and four page threads in each of two processes, two jobs at once with their
    # main process, the hands, and this query.
    assert held[0][0] <= 2 * (2 + 4) + 3 + 2
    assert len(listening) == 6


def test_a_lost_valkey_is_told_and_its_return_asks_the_page_to_catch_up(desk, ears):
    ear = ears("customer")
    desk.valkey.process.kill()
    desk.valkey.process.wait()
    ear.next_that_is("stale")
    # The change is made although nobody can be told of it.
    file_ticket(desk)
    desk.valkey.launch()
    ear.next_that_is("resync")
    # A publisher that failed keeps silent for a while; the second one covers what it kept to itself.
    ear.next_that_is("resync")
    number = file_ticket(desk)
    assert ear.next_ticket() == number


def test_a_page_that_opens_while_valkey_is_away_knows_it_is_stale(desk, ears):
    desk.valkey.process.kill()
    desk.valkey.process.wait()
    ear = ears("customer")
    try:
        ear.next_that_is("stale")
    finally:
        desk.valkey.launch()
    ear.next_that_is("resync")


def test_the_server_stops_promptly_with_streams_open(desk, ears):
    listening = [ears(name) for name in ("customer", "engineer", "admin")]
    began = time.monotonic()
    desk.web.process.send_signal(signal.SIGTERM)
    desk.web.process.wait(15)
    took = time.monotonic() - began
    desk.web.launch()
    desk.wait_until_ready()
    assert all(ear.ended.wait(5) for ear in listening)
    assert took < 5
