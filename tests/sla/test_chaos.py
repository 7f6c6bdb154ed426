"""Workers killed in mid-sweep, Valkey stopped, PostgreSQL restarted: nothing is lost and nothing is done twice."""

from datetime import timedelta

import pytest

from tests.sla.chaos import Storm
from tests.sla.fleet import Fleet

# What must have been lost or doubled for the storm to be noticed: the tests of the test.
DAMAGES = {
    "not on record": "UPDATE sla_clock SET breached_at = NULL, next_check_at = now() + interval '1 day' "
    "WHERE ticket_id = ANY(%s) AND breached_at IS NOT NULL AND state = 'running'",
    "without its milestone": "DELETE FROM sla_milestone USING sla_clock c "
    "WHERE c.id = clock_id AND share = 100 AND c.ticket_id = ANY(%s)",
    "told twice, or never": "DELETE FROM notifications_notification WHERE ticket_id = ANY(%s)",
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    made = Fleet(tmp_path_factory.mktemp("fleet"))
    made.start()
    yield made
    made.stop()


def test_what_dies_under_load_is_late_by_the_outage_and_no_more(fleet):
    storm = Storm(fleet, tickets=120, over=timedelta(seconds=15))
    storm.begin()
    storm.play(
        (2, lambda: fleet.kill(fleet.workers[0])),
        (4, fleet.valkey.halt),
        (6, fleet.valkey.start),
        (8, lambda: [fleet.kill(child) for child in (*fleet.workers, *fleet.beats)]),
        (11, fleet.postgres.halt),
        (12, fleet.postgres.start),
    )
    assert storm.finished(within=45), storm.open()
    assert storm.wrong() == []
    assert timedelta(0) < storm.latest() < timedelta(seconds=25)
    for meaning, damage in DAMAGES.items():
        fleet.sql(damage, storm.ids)
        assert any(meaning in line for line in storm.wrong()), meaning
