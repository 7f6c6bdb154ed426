"""The admin site: administrators configure the desk there."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core import mail

from accounts.models import Organisation, User
from common import clock
from sla.models import Clock, Policy, PolicyVersion, Target
from sla.services.recalculating import work_off
from tests.factories import make_desk, make_ticket
from tests.sla.rules import make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def test_only_administrators_find_the_admin_site(client, desk):
    assert client.get("/admin/").status_code == 302
    for name, user in desk.people().items():
        client.force_login(user)
        page = client.get("/admin/", follow=True)
        assert page.status_code == (200 if name == "admin" else 404)


def test_every_list_and_form_opens_under_the_strict_policy(client, desk):
    client.force_login(desk.admin)
    make_ticket(desk.customer)
    for model, options in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        page = client.get(base)
        assert page.status_code == 200, base
        assert "<script>" not in page.text
        assert " onclick=" not in page.text
        assert client.get(base, {"q": "é'\"%"}).status_code == 200
        if options.has_add_permission(page.wsgi_request):
            assert client.get(f"{base}add/").status_code == 200, base
        first = model._default_manager.first()
        if first is not None:
            assert client.get(f"{base}{first.pk}/change/").status_code == 200, base


def test_a_new_person_is_sent_a_link_and_cannot_get_in_before(client, desk, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.force_login(desk.admin)
    fields = {
        "email": "New.Person@Test.example",
        "name": "新同事",
        "role": "engineer",
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    page = client.post("/admin/accounts/user/add/", fields)
    assert page.status_code == 302, page.text
    made = User.objects.get(email="new.person@test.example")
    assert not made.has_usable_password()
    assert [message.to for message in mail.outbox] == [[made.email]]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    client.logout()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": "quite-another-one", "password2": "quite-another-one"})
    client.post("/accounts/login/", {"login": made.email, "password": "quite-another-one"})
    assert client.session["_auth_user_id"] == str(made.pk)


def policy_form(*, general: str, **more: str) -> dict[str, object]:
    """The form of the standard policy as a browser sends it, one target edited."""
    policy = Policy.objects.get(code="standard")
    data = {
        "code": policy.code, "name_zh": policy.name_zh, "name_en": policy.name_en, "is_active": "on",
        "position": "1000", "calendar": str(policy.calendar_id), "grace": "0.25", "repeats": "on",
        "targets-TOTAL_FORMS": "9", "targets-INITIAL_FORMS": "9", "steps-TOTAL_FORMS": "0",
        "steps-INITIAL_FORMS": "0", **more,
    }  # fmt: skip
    for number, target in enumerate(policy.targets.all()):
        edited = (target.metric, target.tier) == ("first_response", "general")
        hours = general if edited else f"{target.within.total_seconds() / 3600:g}"
        row = {
            "id": target.pk,
            "policy": policy.pk,
            "metric": target.metric,
            "tier": target.tier,
            "within": hours,
        }
        data |= {f"targets-{number}-{name}": str(value) for name, value in row.items()}
    return {"path": f"/admin/sla/policy/{policy.pk}/change/", "data": data}


def test_a_preview_says_what_would_be_due_and_saves_nothing(client, desk):
    client.force_login(desk.admin)
    page = client.post(**policy_form(general="12", _preview="1"))
    assert page.status_code == 200
    assert page.text.count("<td><b>") == 9
    assert Target.objects.get(metric="first_response", tier="general").within == timedelta(hours=24)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(("position", "said"), [(10, "本策略没有给出目标"), (2000, "排在本策略之前")])
def test_a_preview_says_why_another_policy_decides(client, desk, position, said):
    policy = make_policy("few", {("first_response", "general"): 2}, position=position, at=clock.now())
    client.force_login(desk.admin)
    data = {
        "code": "few", "name_zh": "少", "name_en": "few", "is_active": "on", "position": position,
        "calendar": policy.calendar_id, "grace": "0.25", "targets-TOTAL_FORMS": "0", "targets-INITIAL_FORMS": "0",
        "steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0", "_preview": "1",
    }  # fmt: skip
    page = client.post(f"/admin/sla/policy/{policy.pk}/change/", data)
    assert page.status_code == 200
    assert said in page.text


def test_another_contract_level_takes_the_organisations_open_clocks_along(client, desk):
    make_policy("gold", {("first_response", "general"): 2}, contract_level="gold", at=clock.now())
    ticket = make_ticket(desk.customer, at=clock.now())
    client.force_login(desk.admin)
    own = desk.customer.organisation
    data = {
        "code": own.code,
        "name": own.name,
        "is_active": "on",
        "contract_level": "gold",
        "time_zone": own.time_zone,
    }
    page = client.post(f"/admin/accounts/organisation/{own.pk}/change/", data)
    assert page.status_code == 302, page.text
    work_off(at=clock.now())
    assert Clock.objects.get(ticket=ticket, metric="first_response").within == timedelta(hours=2)


def test_an_edited_promise_takes_the_open_clocks_along(client, desk):
    ticket = make_ticket(desk.customer, at=clock.now())
    client.force_login(desk.admin)
    page = client.post(**policy_form(general="12"))
    assert page.status_code == 302, page.text
    assert work_off(at=clock.now()) == 1
    promised = Clock.objects.get(ticket=ticket, metric="first_response")
    assert (promised.due_at - promised.started_at).total_seconds() == 12 * 3600


@pytest.mark.parametrize("hours", ["0", "-1", "", "soon", "1e99", "NaN"])
def test_a_promise_of_no_time_is_refused(client, desk, hours):
    target = Target.objects.get(metric="first_response", tier="general")
    client.force_login(desk.admin)
    page = client.post(**policy_form(general=hours))
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert Target.objects.get(pk=target.pk).within.total_seconds() == 24 * 3600


def test_an_organisation_in_use_cannot_be_deleted(client, desk):
    make_ticket(desk.customer)
    client.force_login(desk.admin)
    own = Organisation.objects.get(code="hengxin")
    client.post(f"/admin/accounts/organisation/{own.pk}/delete/", {"post": "yes"})
    assert Organisation.objects.filter(pk=own.pk).exists()
