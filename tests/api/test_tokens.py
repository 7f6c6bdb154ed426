"""Signing in and out of the API."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from knox.models import AuthToken

from accounts.models import User
from api.tokens import drop_expired
from common import clock
from tests.factories import PASSWORD

SIGN_IN = "/api/v1/auth/token"
JSON = {"content_type": "application/json"}


@pytest.fixture
def confirmed(desk) -> User:
    EmailAddress.objects.create(user=desk.customer, email=desk.customer.email, verified=True, primary=True)
    return desk.customer


def sign_in(client, email, password=PASSWORD):
    return client.post(SIGN_IN, {"email": email, "password": password}, **JSON)


def test_address_and_password_give_a_token_that_lets_in_until_it_is_given_back(client, confirmed):
    answer = sign_in(client, "Customer@TEST.example ")
    assert answer.status_code == 200
    assert set(answer.json()) == {"token"}
    headers = {"Authorization": f"Token {answer.json()['token']}"}
    assert client.delete(SIGN_IN, headers=headers).status_code == 204
    assert client.delete(SIGN_IN, headers=headers).status_code == 401


def test_an_unknown_address_and_a_wrong_password_read_the_same(client, confirmed):
    wrong, unknown = sign_in(client, confirmed.email, "wrong"), sign_in(client, "nobody@test.example")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"] == "wrong_credentials"
    assert wrong.headers["WWW-Authenticate"] == "Token"


def test_an_account_out_of_use_reads_like_a_wrong_password_and_its_tokens_end(client, api, confirmed):
    program = api(confirmed)
    User.objects.filter(pk=confirmed.pk).update(is_active=False)
    assert sign_in(client, confirmed.email).json()["error"] == "wrong_credentials"
    assert program.delete(SIGN_IN).status_code == 401


def test_an_address_nobody_confirmed_gets_no_token(client, desk):
    answer = sign_in(client, desk.engineer.email)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
    assert not AuthToken.objects.exists()


def test_guessing_is_stopped_for_the_account_and_says_when_to_try_again(client, confirmed):
    for _attempt in range(5):
        assert sign_in(client, confirmed.email, "guess").status_code == 401
    stopped = sign_in(client, confirmed.email)
    assert (stopped.status_code, stopped.json()["error"]) == (429, "too_many")
    assert int(stopped.headers["Retry-After"]) > 0
    assert sign_in(client, "somebody-else@test.example").status_code == 401


def test_guessing_at_many_accounts_is_stopped_for_the_callers_address(client, confirmed):
    for number in range(10):
        assert sign_in(client, f"guess{number}@test.example").status_code == 401
    assert sign_in(client, confirmed.email).status_code == 429
    elsewhere = client.post(
        SIGN_IN, {"email": confirmed.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7", **JSON
    )
    assert elsewhere.status_code == 200


def test_guesses_are_remembered_however_many_other_accounts_are_tried_meanwhile(client, confirmed):
    for _ in range(5):
        assert sign_in(client, confirmed.email, "guess").status_code == 401
    for number in range(400):
        cache.set(f"an-attempt-of-somebody-else-{number}", 1, 300)
    assert sign_in(client, confirmed.email).status_code == 429


def test_signing_in_at_the_right_first_time_is_never_stopped(client, confirmed):
    assert {sign_in(client, confirmed.email).status_code for _ in range(12)} == {200}


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token é", "Token x\x00", "Token " + "0" * 500])
def test_a_broken_header_is_not_signed_in(client, desk, header):
    answer = client.delete(SIGN_IN, headers={"Authorization": header.encode().decode("latin-1")})
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_an_old_token_in_the_header_keeps_nobody_from_signing_in(client, confirmed):
    answer = client.post(
        SIGN_IN,
        {"email": confirmed.email, "password": PASSWORD},
        headers={"Authorization": "Token gone"},
        **JSON,
    )
    assert answer.status_code == 200


def test_what_is_missing_is_said_field_by_field(client, desk):
    answer = client.post(SIGN_IN, {"email": 5}, **JSON)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"email", "password"}


def test_a_session_is_ended_in_the_browser(client, desk):
    client.force_login(desk.customer)
    assert client.delete(SIGN_IN).status_code == 403


def test_a_new_password_ends_the_owners_tokens_and_nobody_elses(client, api, confirmed, desk):
    own, others = api(confirmed), api(desk.engineer)
    client.force_login(confirmed)
    new = "another-long-password-77"
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert own.get("/api/v1/tickets").status_code == 401
    assert others.get("/api/v1/tickets").status_code == 200


def test_so_does_one_that_an_administrator_sets(client, api, confirmed, desk):
    own, others = api(confirmed), api(desk.engineer)
    client.force_login(desk.admin)
    new = "another-long-password-77"
    answer = client.post(
        f"/admin/accounts/user/{confirmed.pk}/password/",
        {"password1": new, "password2": new, "usable_password": "true"},
    )
    assert answer.status_code == 302
    assert own.get("/api/v1/tickets").status_code == 401
    assert others.get("/api/v1/tickets").status_code == 200


def test_a_token_ends_by_itself_and_is_dropped_in_the_end(api, confirmed):
    program = api(confirmed)
    AuthToken.objects.update(expiry=clock.now() - timedelta(seconds=1))
    assert program.get("/api/v1/tickets").status_code == 401
    assert drop_expired(at=clock.now()) == 1


def test_old_tokens_do_not_make_a_request_slower(api, confirmed, django_assert_num_queries):
    for _number in range(3):
        program = api(confirmed)
    with django_assert_num_queries(2):
        assert program.get("/api/v1/tickets").json()["results"] == []
