"""The small desk and its callers."""

from collections.abc import Callable

import pytest
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from common import clock
from surveys.models import Invitation
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.factories import Desk, act, make_desk, make_ticket

Call = Callable[[User | None], Client]


@pytest.fixture
def desk(db) -> Desk:
    """Base data, two organisations, one person for each role."""
    return make_desk()


@pytest.fixture
def api() -> Call:
    """A program of somebody's: `api(user).get("/api/v1/…")`, signed in with a token."""

    def caller(user: User | None, **headers: str) -> Client:
        if user is not None:
            _row, token = AuthToken.objects.create(user=user)
            headers["Authorization"] = f"Token {token}"
        return Client(headers=headers)

    return caller


@pytest.fixture
def guarded() -> Client:
    """A browser whose changes are checked as they are in earnest."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def survey_token(desk) -> str:
    """What opens a questionnaire that can be answered now."""
    at = clock.now()
    ticket = act(make_ticket(desk.customer, at=at), "take", desk.engineer, at)
    act(ticket, "resolve", desk.engineer, at, resolution="好了")
    Invitation.objects.update(send_after=at)
    send_due(at=at)
    return token_for(Invitation.objects.get().pk)
