"""The way in, and a person's own page."""

import re

import pytest
from django.core import mail

from accounts.models import Organisation, Role, User
from accounts.services.people import join_by_address, vouch_for_address
from tests.factories import PASSWORD, make_desk, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password}, **more)


def test_strangers_are_sent_to_sign_in(client):
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/me/").status_code == 302


def test_signing_in_leads_customers_to_their_tickets_and_staff_to_the_board(client, desk):
    for user, start in ((desk.customer, "/portal/"), (desk.engineer, "/board/"), (desk.admin, "/board/")):
        vouch_for_address(user=user)
        assert sign_in(client, user.email.upper()).headers["Location"] == "/"
        assert client.get("/").headers["Location"] == start
        client.post("/accounts/logout/")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, desk):
    vouch_for_address(user=desk.customer)
    wrong = sign_in(client, desk.customer.email, "wrong")
    unknown = sign_in(client, "nobody@test.example", "wrong")
    said = [
        re.search(r'role="alert">(.*?)</div>', page.text, re.DOTALL).group(1) for page in (wrong, unknown)
    ]
    assert said[0] == said[1]
    assert "_auth_user_id" not in client.session


def test_what_libraries_say_is_said_in_the_desk_s_words(client, desk):
    refused = sign_in(client, "nobody@test.example", "wrong").text
    assert "邮箱或密码不正确。" in refused
    assert "placeholder" not in refused
    client.force_login(desk.customer)
    page = client.get("/accounts/password/change/").text
    assert "至少 8 个字符。" in page
    assert "你的" not in page


def test_guessing_is_stopped_after_five_tries(client, desk):
    vouch_for_address(user=desk.customer)
    for _try in range(5):
        sign_in(client, desk.customer.email, "wrong")
    sign_in(client, desk.customer.email)
    assert "_auth_user_id" not in client.session


def test_a_switched_off_account_does_not_get_in(client, desk):
    vouch_for_address(user=desk.customer)
    User.objects.filter(pk=desk.customer.pk).update(is_active=False)
    sign_in(client, desk.customer.email)
    assert "_auth_user_id" not in client.session


def test_the_link_in_the_mail_sets_a_new_password_once(client, desk, mailbox):
    vouch_for_address(user=desk.customer)
    client.post("/accounts/password/reset/", {"email": desk.customer.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailbox[0].body).group(1)
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "quite-another-one", "password2": "quite-another-one"})
    sign_in(client, desk.customer.email, "quite-another-one")
    assert client.session["_auth_user_id"] == str(desk.customer.pk)
    client.logout()
    assert "password1" not in client.get(link, follow=True).text


def test_no_mail_goes_to_an_address_nobody_has(client, desk, mailbox):
    page = client.post("/accounts/password/reset/", {"email": "nobody@test.example"})
    assert page.status_code == 302
    assert mailbox == []


def test_a_mail_server_that_is_away_is_told_and_is_no_crash(client, desk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = client.post("/accounts/password/reset/", {"email": desk.customer.email}, follow=True)
    assert page.status_code == 200
    assert 'class="toast"' in page.text


def test_signing_up_is_closed_unless_the_setting_opens_it(client, settings):
    fields = {"email": "new@test.example", "name": "新人", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields)
    assert not User.objects.exists()
    settings.OPEN_SIGNUP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post("/accounts/signup/", fields)
    made = User.objects.get()
    assert (made.name, made.role, made.is_staff, "_auth_user_id" in client.session) == (
        "新人",
        Role.CUSTOMER,
        False,
        False,
    )


def test_a_confirmed_address_leads_to_the_organisation_of_its_domain(desk):
    Organisation.objects.filter(code="hengxin").update(email_domain="hengxin.example")
    newcomer = make_user("li@HengXin.example")
    join_by_address(user=newcomer, address="li@hengxin.example")
    assert newcomer.organisation.code == "hengxin"
    elsewhere = make_user("li@other.example")
    assert join_by_address(user=elsewhere, address=elsewhere.email) is None


def test_my_page_keeps_what_is_right_and_says_what_is_wrong(client, desk):
    client.force_login(desk.customer)
    good = {"name": " 陈  静 ", "language": "en", "time_zone": "Europe/Berlin"}
    assert client.post("/me/", good).status_code == 302
    stored = User.objects.get(pk=desk.customer.pk)
    assert (stored.name, stored.language, stored.time_zone) == ("陈 静", "en", "Europe/Berlin")
    for wrong in ({"name": "\0 "}, {"name": "x" * 81}, {"language": "fr"}, {"time_zone": "Mars/Base"}):
        page = client.post("/me/", good | wrong)
        assert page.status_code == 422
        assert 'aria-invalid="true"' in page.text
    assert User.objects.get(pk=desk.customer.pk).name == "陈 静"


def test_the_readers_choice_of_language_wins_over_the_browsers(client, desk):
    assert '<html lang="zh-Hans"' in client.get("/accounts/login/", headers={"accept-language": "en"}).text
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert '<html lang="en"' in client.get("/accounts/login/").text
    client.force_login(desk.customer)
    assert '<html lang="zh-Hans"' in client.get("/me/").text
    client.post("/language/", {"language": "en"})
    assert '<html lang="en"' in client.get("/me/").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_leads_to_no_other_host(client, target):
    for address in ("/language/", "/theme/"):
        assert client.post(address, {"next": target, "language": "en"}).headers["Location"] == "/"


def test_the_theme_is_kept_in_a_cookie(client, desk):
    client.force_login(desk.customer)
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/me/").text
    client.post("/theme/", {"theme": "nonsense"})
    assert "data-theme" not in client.get("/me/").text


def test_how_close_board_and_list_stand_is_kept_with_the_account(client, desk):
    client.force_login(desk.engineer)
    answer = client.post("/density/", {"density": "compact", "next": "/tickets/?sort=due"})
    assert answer["Location"] == "/tickets/?sort=due"
    for path in ("/board/", "/tickets/"):
        page = client.get(path).text
        assert 'data-density="compact"' in page
        assert 'value="comfortable" aria-pressed="true"' in page
    client.post("/density/", {"density": "nonsense"})
    assert 'data-density="compact"' in client.get("/board/").text
