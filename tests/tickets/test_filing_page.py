"""Filing a ticket in a browser."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from tests.factories import NOON, make_desk, make_ticket, make_user
from tests.sla.rules import promise_nothing
from tickets.models import Attachment, HistoryEntry, Ticket
from tickets.services.attaching import store_upload

pytestmark = pytest.mark.django_db
PAGE = "/tickets/new/"
URGENT = {
    "production_down": "full",
    "users_affected": "organisation",
    "deadline": "month_end",
    "deadline_at": "2026-03-06T18:00",
    "workaround": "none",
}


@pytest.fixture
def desk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOON, tick=False):
        desk = make_desk()
        User.objects.update(language="en")
        for person in desk.people().values():
            person.refresh_from_db()
        yield desk


def answers(**changed: object) -> dict[str, object]:
    return {
        "key": str(uuid4()),
        "subject": "月结报表看不到 📉",
        "description": "合并底稿打开\r\n是空白。",
        "product": "other",
        "other_product": "yonyou-nc-cloud",
        "edition": "集团版",
        "product_version": "2021.11",
        "module": "reports",
        "category": "defect",
        "production_down": "none",
        "users_affected": "one",
        "deadline": "none",
        "workaround": "awkward",
        **changed,
    }


def file(client, user, **changed):
    client.force_login(user)
    return client.post(PAGE, answers(**changed))


def test_a_ticket_is_filed_as_answered_and_its_page_follows(client, desk):
    response = file(client, desk.customer, **URGENT)
    ticket = Ticket.objects.get()
    assert (response.status_code, response.url) == (302, f"/tickets/{ticket.number}/")
    assert (ticket.subject, ticket.description) == ("月结报表看不到 📉", "合并底稿打开\n是空白。")
    assert (ticket.product.code, ticket.edition, ticket.product_version) == (
        "yonyou-nc-cloud",
        "集团版",
        "2021.11",
    )
    assert (ticket.module.code, ticket.category.code, ticket.team.code) == ("reports", "defect", "reports")
    assert (ticket.tier, ticket.requester, ticket.channel) == ("urgent", desk.customer, "web")
    # 18:00 in Shanghai, the customer's zone.
    assert ticket.deadline_at == datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def test_the_customer_is_told_the_number_and_the_promised_moment(client, desk):
    file(client, desk.customer, **URGENT)
    told = client.get(PAGE).text
    assert f"{Ticket.objects.get().number} is filed. We answer by today 13:00 at the latest." in told


def test_what_is_missing_is_said_field_by_field_and_the_rest_is_kept(client, desk):
    page = file(client, desk.customer, subject=" \x00 ", other_product="", **URGENT)
    assert page.status_code == 422
    assert page.text.count('class="errors"') == 2
    assert 'id="subject-error">Say in one line what is wrong.' in page.text
    assert 'id="product-error">Say which product it is about.' in page.text
    assert "合并底稿打开\r\n是空白。</textarea>" in page.text
    assert 'name="production_down" value="full" checked' in page.text
    assert 'value="2026-03-06T18:00"' in page.text
    assert "today 13:00" in page.text
    assert not Ticket.objects.exists()


def test_the_focus_goes_to_the_first_wrong_field_and_to_no_other(client, desk):
    page = file(client, desk.customer, subject="", description="")
    assert page.text.count("autofocus") == 1
    field = page.text[: page.text.index("autofocus")].rpartition("<")[2]
    assert 'id="subject"' in field


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"subject": "长" * 201}, "subject", "At most 200 characters"),
        ({"subject": "长" * 10_000}, "subject", "At most 200 characters"),
        ({"description": "x" * 20_001}, "description", "At most 20000 characters"),
        ({"edition": "x" * 61}, "edition", "At most 60 characters"),
        ({"deadline": "month_end", "deadline_at": "soon"}, "deadline_at", "Give a day and a time."),
        ({"deadline": "month_end", "deadline_at": "0001-01-01T00:00"}, "deadline_at", "Check the year."),
        ({"deadline": "month_end", "deadline_at": "9999-12-31T23:59"}, "deadline_at", "Check the year."),
        ({"other_product": "no-such"}, "product", "Say which product"),
        ({"module": "no-such"}, "module", "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_gets_one_sentence(client, desk, changed, field, sentence):
    page = file(client, desk.customer, **changed)
    assert page.status_code == 422
    assert page.text.count(f'id="{field}-error"') == 1
    assert sentence in page.text
    assert not Ticket.objects.exists()


def test_the_longest_text_that_fits_is_taken(client, desk):
    assert file(client, desk.customer, subject="长" * 200, description="😀" * 20_000).status_code == 302


def test_without_a_deadline_its_moment_does_not_matter(client, desk):
    assert file(client, desk.customer, deadline="none", deadline_at="nonsense").status_code == 302
    assert Ticket.objects.get().deadline_at is None


def test_not_knowing_module_and_category_is_fine(client, desk):
    file(client, desk.customer, module="", category="", other_product="unlisted")
    ticket = Ticket.objects.get()
    assert (ticket.product, ticket.module, ticket.category, ticket.team.code) == (
        None,
        None,
        None,
        "platform",
    )


def test_markup_in_the_text_stays_text(client, desk):
    page = file(client, desk.customer, subject='"><script>x</script>', description="")
    assert "<script>x" not in page.text


def test_sending_the_same_page_twice_files_one_ticket(client, desk):
    sent = answers()
    client.force_login(desk.customer)
    first, second = client.post(PAGE, sent), client.post(PAGE, sent)
    assert first.url == second.url
    assert Ticket.objects.count() == 1


def test_a_repetition_is_no_error_though_its_files_are_gone(client, desk):
    upload = SimpleUploadedFile("a.txt", b"a")
    kept = store_upload(uploader=desk.customer, upload=upload, at=NOON)
    sent = answers(attachments=[str(kept.key)])
    client.force_login(desk.customer)
    assert client.post(PAGE, sent).url == client.post(PAGE, sent).url
    assert Ticket.objects.count() == 1


def test_going_back_and_writing_something_else_files_another(client, desk):
    sent = answers()
    client.force_login(desk.customer)
    client.post(PAGE, sent)
    client.post(PAGE, {**sent, "subject": "另一件事"})
    assert Ticket.objects.count() == 2


def test_each_page_has_a_key_of_its_own_and_keeps_it_when_sent_back(client, desk):
    client.force_login(desk.customer)
    keys = [client.get(PAGE).text.partition('name="key" value="')[2][:36] for _ in range(2)]
    assert keys[0] != keys[1]
    assert keys[0] in file(client, desk.customer, key=keys[0], subject="").text


def test_files_sent_before_and_with_the_form_are_attached(client, desk):
    kept = store_upload(uploader=desk.customer, upload=SimpleUploadedFile("早.png", b"x"), at=NOON)
    theirs = store_upload(uploader=desk.colleague, upload=SimpleUploadedFile("别人.png", b"x"), at=NOON)
    file(
        client,
        desk.customer,
        attachments=[str(kept.key), str(kept.key).upper()],
        files=[SimpleUploadedFile("../../图.svg", b"<svg/>")],
    )
    assert [a.name for a in Ticket.objects.get().attachments.order_by("pk")] == ["早.png", "图.svg"]
    theirs.refresh_from_db()
    assert theirs.ticket is None


def test_files_are_kept_when_something_else_is_wrong(client, desk):
    page = file(client, desk.customer, subject="", files=[SimpleUploadedFile("底稿.png", b"x")])
    kept = Attachment.objects.get()
    assert page.status_code == 422
    assert f'name="attachments" value="{kept.key}"' in page.text
    file(client, desk.customer, attachments=[str(kept.key)])
    kept.refresh_from_db()
    assert kept.ticket == Ticket.objects.get()


def test_a_file_can_be_removed_without_sending(client, desk):
    kept = store_upload(uploader=desk.customer, upload=SimpleUploadedFile("错.png", b"x"), at=NOON)
    page = file(client, desk.customer, attachments=[str(kept.key)], remove=str(kept.key))
    assert page.status_code == 200
    assert str(kept.key) not in page.text
    assert "月结报表看不到" in page.text
    assert 'class="errors"' not in page.text
    assert not Ticket.objects.exists()


def test_too_many_or_too_large_files_get_a_sentence_and_lose_nothing(client, desk, settings):
    settings.ATTACHMENTS_PER_MESSAGE = 2
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(3)]
    page = file(client, desk.customer, files=many)
    assert (page.status_code, Ticket.objects.count()) == (422, 0)
    assert "At most 2 files at once." in page.text
    assert all(f"{n}.txt" in page.text for n in range(3))
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    page = file(client, desk.customer, files=[SimpleUploadedFile("大.zip", b"x" * 1024 * 1024 + b"x")])
    assert (page.status_code, Ticket.objects.count()) == (422, 0)
    assert "大.zip: The file is larger than 1 MB." in page.text
    assert "合并底稿打开" in page.text


def test_a_file_that_is_gone_is_asked_for_again(client, desk):
    page = file(client, desk.customer, attachments=[str(uuid4())])
    assert (page.status_code, Ticket.objects.count()) == (422, 0)
    assert "no longer here" in page.text


def test_too_many_filings_have_to_wait_and_keep_what_was_typed(client, desk, settings):
    settings.FILINGS_PER_HOUR = 1
    file(client, desk.customer)
    page = file(client, desk.customer, subject="第二件")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "600")
    assert "第二件" in page.text
    assert "Nothing you typed is lost." in page.text
    assert Ticket.objects.count() == 1


def test_the_verdict_follows_the_answers(client, desk):
    client.force_login(desk.customer)
    calm = client.get(reverse("ticket-proposal"), {"category": "how-to"}, headers={"HX-Request": "true"})
    assert "tier--consult" in calm.text
    assert "Mar 6, 12:00" in calm.text
    urgent = client.get(reverse("ticket-proposal"), URGENT).text
    assert "tier--urgent" in urgent
    assert "today 13:00" in urgent
    assert "The month-end close is blocked" in urgent
    assert "Needed by Mar 6, 18:00" in urgent
    assert "<html" not in urgent


def test_made_up_answers_get_the_calmest_verdict(client, desk):
    client.force_login(desk.customer)
    page = client.get(reverse("ticket-proposal"), {"production_down": "x", "category": "y", "deadline": "z"})
    assert page.status_code == 200
    assert "tier--general" in page.text


def test_where_nothing_is_promised_no_moment_is_shown(client, desk):
    promise_nothing()
    client.force_login(desk.customer)
    assert "You hear from us" not in client.get(reverse("ticket-proposal")).text
    assert file(client, desk.customer).status_code == 302


def test_the_products_filed_about_lately_are_offered_first(client, desk):
    make_ticket(desk.colleague, edition="标准版")
    client.force_login(desk.customer)
    page = client.get(PAGE).text
    assert 'value="yonyou-nc-cloud" data-edition="标准版" data-version="" checked' in page
    client.force_login(desk.stranger)
    assert "data-edition" not in client.get(PAGE).text
    file(client, desk.customer, product="yonyou-nc-cloud", other_product="")
    assert Ticket.objects.latest("pk").product.code == "yonyou-nc-cloud"


def test_the_address_can_say_what_it_is_about(client, desk):
    client.force_login(desk.customer)
    page = client.get(PAGE, {"subject": "<反结账>", "module": "gl", "product": "sap-s4hana"}).text
    assert 'value="&lt;反结账&gt;"' in page
    assert 'name="module" value="gl" checked' in page
    assert '<option value="sap-s4hana" selected>' in page


def test_customers_cannot_file_for_others(client, desk):
    file(client, desk.customer, requester=str(desk.stranger.pk), who="何雨", channel="phone")
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.channel) == (desk.customer, "web")


def test_staff_files_for_a_customer_and_it_is_on_record_who_typed(client, desk):
    file(client, desk.engineer, requester=str(desk.customer.pk), channel="wechat")
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.organisation, ticket.channel) == (
        desk.customer,
        desk.customer.organisation,
        "wechat",
    )
    assert HistoryEntry.objects.get(ticket=ticket, event="opened").actor == desk.engineer


def test_a_name_that_means_one_customer_is_enough(client, desk):
    file(client, desk.engineer, who="STRANGER@test", channel="phone")
    assert Ticket.objects.get().requester == desk.stranger


@pytest.mark.parametrize(
    ("who", "sentence", "offered"),
    [
        ("", "Say whom it is for", 0),
        ("恒信", "Several customers match", 2),
        ("周航", "No customer is called that", 0),
    ],
)
def test_staff_has_to_say_which_customer(client, desk, who, sentence, offered):
    page = file(client, desk.engineer, who=who, channel="phone")
    assert page.status_code == 422
    assert sentence in page.text
    assert page.text.count('name="requester"') == offered
    assert not Ticket.objects.exists()


def test_what_staff_files_for_another_team_leads_to_the_board(client, desk):
    response = file(client, desk.engineer2, requester=str(desk.customer.pk), channel="phone", module="gl")
    assert response.url == reverse("board")


def test_customers_are_searched_by_staff_alone(client, desk):
    make_user("gone@test.example", name="陈静旧", is_active=False)
    client.force_login(desk.engineer)
    found = client.get(reverse("ticket-requesters"), {"who": "陈静"}).text
    assert found.count('name="requester"') == 1
    assert f'value="{desk.customer.pk}" checked' in found
    assert 'name="requester"' not in client.get(reverse("ticket-requesters"), {"who": " "}).text
    client.force_login(desk.customer)
    assert client.get(reverse("ticket-requesters"), {"who": "陈静"}).status_code == 404


@pytest.mark.parametrize("name", ["ticket-new", "ticket-proposal", "ticket-requesters"])
def test_strangers_sign_in_first(client, db, name):
    assert client.get(reverse(name)).url.startswith("/accounts/login/")


def test_the_page_asks_as_much_of_the_database_with_many_tickets(client, desk, django_assert_max_num_queries):
    make_ticket(desk.customer)
    client.force_login(desk.customer)
    client.get(PAGE)
    with django_assert_max_num_queries(12) as few:
        client.get(PAGE)
    for _ in range(10):
        make_ticket(desk.colleague, at=NOON - timedelta(hours=2))
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
