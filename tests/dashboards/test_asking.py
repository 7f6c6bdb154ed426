"""Parameters read into a period, a team and a product."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from common.errors import InvalidInput
from dashboards.asking import read
from dashboards.periods import Preset
from tests.factories import make_desk

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
# 00:30 on 21 May in Shanghai, still the 20th in London.
NIGHT = datetime(2026, 5, 20, 16, 30, tzinfo=UTC)


def asked(**params):
    return read(params, zone=SHANGHAI, at=NIGHT)


def refused(**params):
    with pytest.raises(InvalidInput) as caught:
        asked(**params)
    return set(caught.value.fields)


def days(found):
    return str(found.period.first), str(found.period.end)


def test_without_anything_it_is_the_last_30_days_of_the_readers_calendar():
    assert days(asked()) == ("2026-04-22", "2026-05-22")
    assert days(read({"tz": "Europe/London"}, zone=SHANGHAI, at=NIGHT)) == ("2026-04-21", "2026-05-21")


def test_dates_are_half_open_and_begin_at_midnight_of_the_zone():
    scope = asked(**{"from": "2026-03-01", "to": "2026-03-02"}).scope
    assert (scope.start, scope.end) == (
        datetime(2026, 2, 28, 16, tzinfo=UTC),
        datetime(2026, 3, 1, 16, tzinfo=UTC),
    )
    utc = asked(**{"from": "2026-03-01", "to": "2026-03-02", "tz": "UTC"}).scope
    assert utc.start == datetime(2026, 3, 1, tzinfo=UTC)


def test_the_last_day_may_be_named_itself():
    assert days(asked(**{"from": "2026-03-01", "through": "2026-03-31"})) == ("2026-03-01", "2026-04-01")


def test_one_border_is_enough():
    assert days(asked(**{"from": "2026-05-01"})) == ("2026-05-01", "2026-05-22")
    assert days(asked(to="2026-05-01")) == ("2026-04-01", "2026-05-01")
    assert days(asked(**{"from": "2027-01-01"})) == ("2027-01-01", "2027-01-02")


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"from": "2026-13-01", "to": "gestern"}, {"from", "to"}),
        ({"from": "2026-03-02", "to": "2026-03-02"}, {"to"}),
        ({"from": "2026-03-02", "through": "2026-03-01"}, {"through"}),
        ({"from": "2016-01-01", "to": "2026-01-01"}, {"to"}),
        ({"from": "0001-01-01"}, {"from"}),
        ({"to": "9999-12-31"}, {"to"}),
        ({"tz": "Asia/Peking"}, {"tz"}),
        ({"tz": "../../etc/passwd"}, {"tz"}),
        ({"period": "fortnight"}, {"period"}),
        ({"team": "nobody", "product": "nothing"}, {"team", "product"}),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(params, fields):
    assert refused(**params) == fields


def test_team_and_product_are_given_by_code():
    make_desk()
    found = asked(team="gl", product="sap-s4hana")
    assert (found.scope.team.code, found.scope.product.code) == ("gl", "sap-s4hana")


def test_what_is_asked_can_be_asked_again():
    make_desk()
    found = asked(**{"from": "2026-03-01", "to": "2026-03-08", "team": "gl", "tz": "UTC"})
    params = dict(pair.split("=") for pair in found.query(part="misses").split("&"))
    assert params == {"from": "2026-03-01", "to": "2026-03-08", "team": "gl", "tz": "UTC", "part": "misses"}
    assert found.named_query(Preset.THIS_WEEK) == "period=this-week&team=gl&tz=UTC"


def test_the_period_before_has_as_many_days():
    found = asked(**{"from": "2026-03-01", "to": "2026-03-08"})
    assert found.scope.start - found.scope_before.start == timedelta(days=7)
    assert found.compared.before.end == date(2026, 3, 1)
