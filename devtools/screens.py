"""Every screen of the desk: who looks, where, and what is done there before one looks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

NOBODY = ""


@dataclass(frozen=True)
class Screen:
    """One screen. `path` may name facts in braces; `then` is done on the page once it stands."""

    name: str
    who: str
    path: str
    then: Callable[[Page], None] = lambda _page: None


def _refused_sign_in(page: Page) -> None:
    page.fill("#id_login", "somebody@example.com")
    page.fill("#id_password", "not the password")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".errors, .errorlist")


def _lost_token(page: Page) -> None:
    page.context.clear_cookies(name="csrftoken")
    page.fill("#id_login", "somebody@example.com")
    page.fill("#id_password", "not the password")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".notice-page")


def _send_empty(page: Page) -> None:
    page.click("[data-send]")
    page.wait_for_selector(".filing__refusal")


def _describe(page: Page) -> None:
    page.locator("#subject").press_sequentially("月结报表看不到", delay=20)
    page.wait_for_selector("#suggestions a")
    page.locator("#impact label").nth(1).click()
    page.wait_for_timeout(500)


def _ask(code: str) -> Callable[[Page], None]:
    def ask(page: Page) -> None:
        button = page.locator(f"#do-{code}")
        if not button.is_visible():
            page.locator(f"details:has(#do-{code}) > summary").first.click()
        button.click()
        page.wait_for_selector("#act-title")

    return ask


def _edit(name: str) -> Callable[[Page], None]:
    def edit(page: Page) -> None:
        page.click(f"#edit-{name}")
        page.wait_for_selector(".inplace")

    return edit


def _ask_to(name: str) -> Callable[[Page], None]:
    def ask(page: Page) -> None:
        page.click(f"#ask-{name}")
        page.wait_for_selector("#act-title")

    return ask


def _unfold_similar(page: Page) -> None:
    page.locator("#alike summary").click()
    page.wait_for_selector("#alike .alike > *")


def _merge_somewhere(page: Page) -> None:
    _ask("merge")(page)
    page.fill("#id_into", page.locator("#other-tickets option").first.get_attribute("value") or "")
    page.wait_for_selector(".merge")


def _open_a_filter(page: Page) -> None:
    page.locator("details.menu summary").first.click()


def _choose(page: Page) -> None:
    for box in page.locator("td.list__pick input").all()[:3]:
        box.check()


def _bulk(verb: str) -> Callable[[Page], None]:
    def begin(page: Page) -> None:
        _choose(page)
        page.click(f".bulk button[value={verb}]")
        page.wait_for_selector("#act-title")

    return begin


def _tag_some(page: Page) -> None:
    _bulk("tag")(page)
    page.fill("#id_tag", "月结")
    page.click(".act__go button")
    page.wait_for_selector("#run:not([hx-post])")


def _save_a_view(page: Page) -> None:
    page.fill("#id_name", "紧急未结")
    page.click(".act__go button")
    page.goto("/views/")


def _note(page: Page) -> None:
    page.locator("#reply-body").fill("按**客户**的说法，底稿打开是空白。\n\n- 已经重新生成\n- 等她再看")


def _call(page: Page) -> None:
    page.locator(".compose__tabs label").last.click()
    page.locator("#reply-body").fill("电话里带客户重新生成了底稿，已能打开。")


def _compact(page: Page) -> None:
    # Not by its button: the person would see the screens after this one so, too.
    page.locator("[data-density]").evaluate("board => (board.dataset.density = 'compact')")


def _canned(page: Page) -> None:
    page.locator("#reply-body").press("Control+j")
    page.wait_for_selector("#canned-list [aria-selected=true]")


def _palette(words: str) -> Callable[[Page], None]:
    def find(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.wait_for_selector("#palette-list [role=option]")
        with page.expect_response(lambda answer: "/palette/" in answer.url):
            page.fill("#palette-q", words or " ")
        page.wait_for_timeout(200)

    return find


def _shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#keys-help[open]")


def _jargon(page: Page) -> None:
    page.fill("#reply-body", "原因是数据库死锁，合并任务没有回滚。我们清了缓存，并让后台作业重新跑了一遍。")
    page.wait_for_selector(".jargon-line")


def _send_nothing(page: Page) -> None:
    page.click(".act__go button[type=submit]")
    page.wait_for_selector(".errors")


def _preview_a_reply(page: Page) -> None:
    page.fill("#id_body_zh", "{{customer}}，您好：\n\n“{{subject}}”我们在处理，{{due}}给您答复。")
    page.click("[hx-target='#preview']")
    page.wait_for_selector("#preview .prose")


def _send_a_reply(page: Page) -> None:
    page.locator("#reply-body").fill("请在查询条件里勾选“包含作废”，再整理一次凭证。")
    page.locator("#reply-form .btn--primary").click()
    page.wait_for_selector(".held")


def _unfold(page: Page) -> None:
    page.locator("#why-resolution summary").click()
    page.wait_for_selector("#why-resolution .timeline")


def _charts(page: Page) -> None:
    page.wait_for_timeout(900)


def _mark_with_nothing(page: Page) -> None:
    page.evaluate("document.querySelector('#mark form').noValidate = true")
    page.click("#mark form button[type=submit]")
    page.wait_for_selector("#mark .errors")


def _show(content: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        file: Any = {"name": "days.ics", "mimeType": "text/calendar", "buffer": content.encode()}
        page.set_input_files("#file", file)
        page.click("main form button[type=submit]")
        page.wait_for_selector("#found-h, [role=alert]")

    return show


_show_a_bad_file = _show("no calendar")
_show_a_file = _show(
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//desk//\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270213\r\nSUMMARY:春节\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270214\r\nSUMMARY:春节（班）\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART:20270301T010000Z\r\nSUMMARY:例会\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


SCREENS = (
    Screen("sign-in", NOBODY, "/accounts/login/"),
    Screen("sign-in-refused", NOBODY, "/accounts/login/", _refused_sign_in),
    Screen("sign-up-closed", NOBODY, "/accounts/signup/"),
    Screen("password-reset", NOBODY, "/accounts/password/reset/"),
    Screen("password-reset-sent", NOBODY, "/accounts/password/reset/done/"),
    Screen("password-reset-stale", NOBODY, "/accounts/password/reset/key/1-stale/"),
    Screen("survey", NOBODY, "/s/{survey_open}/"),
    Screen("survey-clicked", NOBODY, "/s/{survey_open}/?solved=no"),
    Screen("survey-thanks", NOBODY, "/s/{survey_answered}/"),
    Screen("survey-closed", NOBODY, "/s/{survey_closed}/"),
    Screen("error-403", NOBODY, "/accounts/login/", _lost_token),
    Screen("error-404", NOBODY, "/nothing-here/"),
    Screen("mail", NOBODY, "/dev/mail/"),
    Screen("mail-message", NOBODY, "/dev/mail/{mail}/"),
    Screen("api-docs", "customer", "/api/docs/", _charts),
    Screen("portal", "customer", "/portal/"),
    Screen("portal-contact-manager", "colleague", "/portal/"),
    Screen("filing", "customer", "/tickets/new/"),
    Screen("filing-refused", "customer", "/tickets/new/", _send_empty),
    Screen("filing-suggestions", "customer", "/tickets/new/", _describe),
    Screen("own-ticket-new", "customer", "/tickets/{mine_new}/"),
    Screen("own-ticket-open", "customer", "/tickets/{mine_open}/"),
    Screen("own-ticket-explained", "customer", "/tickets/{mine_open}/clocks/resolution/1/"),
    Screen("own-ticket-unfolded", "customer", "/tickets/{mine_open}/", _unfold),
    Screen("own-ticket-resolved", "customer", "/tickets/{mine_resolved}/"),
    Screen("own-ticket-reject", "customer", "/tickets/{mine_resolved}/", _ask("reject")),
    Screen("own-ticket-closed", "customer", "/tickets/{mine_closed}/"),
    Screen("own-ticket-history", "customer", "/tickets/{mine_closed}/history/"),
    Screen("own-handbook", "customer", "/handbook/"),
    Screen("own-handbook-search", "customer", "/handbook/?q=月结报表"),
    Screen("own-handbook-nothing", "customer", "/handbook/?q=zzzz"),
    Screen("own-article", "customer", "/handbook/month-end-report-not-visible/"),
    Screen("own-statements", "colleague", "/statements/"),
    Screen("own-statement", "colleague", "/statements/hengxin/{this_month}/"),
    Screen("own-notices", "customer", "/notifications/"),
    Screen("own-page", "customer", "/me/"),
    Screen("own-password", "customer", "/accounts/password/change/"),
    Screen("own-addresses", "customer", "/accounts/email/"),
    Screen("sign-out", "customer", "/accounts/logout/"),
    Screen("board", "engineer", "/board/"),
    Screen("board-lanes", "engineer", "/board/?lanes=tier"),
    Screen("board-people", "manager", "/board/?lanes=assignee", _compact),
    Screen("board-filter-menu", "engineer", "/board/?tier=urgent", _open_a_filter),
    Screen("board-nothing", "engineer", "/board/?q=zzzz"),
    Screen("board-all", "manager", "/board/"),
    Screen("list", "manager", "/tickets/"),
    Screen("list-filtered", "engineer", "/tickets/?status=closed&tier=urgent"),
    Screen("list-nothing", "engineer", "/tickets/?q=zzzz"),
    Screen("list-chosen", "manager", "/tickets/", _choose),
    Screen("bulk-form", "manager", "/tickets/?status=open", _bulk("assign")),
    Screen("bulk-run", "engineer", "/tickets/?status=open", _tag_some),
    Screen("list-sorted", "engineer", "/tickets/?sort=-updated"),
    Screen("saved-view-new", "engineer", "/views/new/?status=open&tier=urgent"),
    Screen("saved-views", "engineer", "/views/new/?status=open&tier=urgent", _save_a_view),
    Screen("list-saved", "engineer", "/tickets/?status=open&tier=urgent"),
    Screen("ticket-new", "engineer", "/tickets/{new}/"),
    Screen("ticket", "engineer", "/tickets/{mine_open}/", _note),
    Screen("palette", "engineer", "/tickets/{mine_open}/", _palette("")),
    Screen("palette-found", "manager", "/board/", _palette("月结")),
    Screen("shortcuts", "engineer", "/shortcuts/"),
    Screen("shortcuts-dialog", "engineer", "/board/", _shortcuts),
    Screen("ticket-canned", "engineer", "/tickets/{mine_open}/", _canned),
    Screen("canned-replies", "engineer", "/replies/"),
    Screen("canned-reply-new", "manager", "/replies/new/", _preview_a_reply),
    Screen("ticket-call", "engineer", "/tickets/{mine_open}/", _call),
    Screen("ticket-held-reply", "engineer", "/tickets/{month_end}/", _send_a_reply),
    Screen("ticket-noted", "engineer", "/tickets/{noted}/"),
    Screen("ticket-waiting", "engineer", "/tickets/{waiting}/"),
    Screen("ticket-resolved", "engineer", "/tickets/{resolved}/"),
    Screen("ticket-closed", "engineer", "/tickets/{closed}/"),
    Screen("ticket-resolve", "engineer", "/tickets/{mine_open}/", _ask("resolve")),
    Screen("ticket-assign", "manager", "/tickets/{mine_open}/", _ask("assign")),
    Screen("ticket-merge", "engineer", "/tickets/{mine_open}/", _merge_somewhere),
    Screen("ticket-property", "engineer", "/tickets/{mine_open}/", _edit("product")),
    Screen("ticket-assignee", "engineer", "/tickets/{mine_open}/", _edit("assign")),
    Screen("ticket-tier-in-place", "engineer", "/tickets/{mine_open}/", _edit("tier")),
    Screen("ticket-subject", "engineer", "/tickets/{mine_open}/", _edit("subject")),
    Screen("ticket-link", "engineer", "/tickets/{mine_open}/", _ask_to("link")),
    Screen("ticket-watcher", "engineer", "/tickets/{mine_open}/", _ask_to("watcher")),
    Screen("ticket-similar", "engineer", "/tickets/{mine_open}/", _unfold_similar),
    Screen("ticket-split", "engineer", "/tickets/{mine_open}/split/"),
    Screen("ticket-organisation", "manager", "/tickets/{mine_open}/", _ask("organisation")),
    Screen("ticket-merge-page", "engineer", "/tickets/{mine_open}/transitions/?action=merge"),
    Screen("ticket-tier", "engineer", "/tickets/{mine_open}/", _ask("set_tier")),
    Screen("ticket-history", "engineer", "/tickets/{resolved}/history/"),
    Screen("ticket-explained", "engineer", "/tickets/{waiting}/clocks/resolution/1/"),
    Screen("ticket-unfolded", "engineer", "/tickets/{mine_open}/", _unfold),
    Screen("filing-for-customer", "engineer", "/tickets/new/"),
    Screen("handbook", "engineer", "/handbook/"),
    Screen("handbook-search", "engineer", "/handbook/?q=ORA-00060"),
    Screen("glossary", "manager", "/glossary/"),
    Screen("term-new", "manager", "/glossary/new/", _send_nothing),
    Screen("ticket-jargon", "engineer", "/tickets/{mine_open}/", _jargon),
    Screen("article", "engineer", "/handbook/consolidation-deadlock/"),
    Screen("notices", "engineer", "/notifications/"),
    Screen("notices-settings", "engineer", "/notifications/settings/"),
    Screen("own-notices-settings", "customer", "/notifications/settings/"),
    Screen("notices-manager", "manager", "/notifications/"),
    Screen("my-page", "engineer", "/me/"),
    Screen("windows", "manager", "/windows/"),
    Screen("admin-windows", "admin", "/admin/tickets/closingwindow/add/"),
    Screen("figures", "manager", "/figures/", _charts),
    Screen("figures-few", "manager", "/figures/?period=this-week&team=platform", _charts),
    Screen("figures-none", "manager", "/figures/?from=2020-01-01&to=2020-02-01", _charts),
    Screen("figures-refused", "manager", "/figures/?from=2026-02-01&to=2020-02-01"),
    Screen("statements", "manager", "/statements/"),
    Screen("statement", "manager", "/statements/hengxin/{this_month}/"),
    Screen("statement-nothing", "manager", "/statements/hengxin/2020-01/"),
    Screen("statement-refused", "manager", "/statements/hengxin/2099-01/"),
    Screen("figures-behind-fcr", "manager", "/figures/fcr/tickets/"),
    Screen("figures-behind-promise", "manager", "/figures/first-response/tickets/"),
    Screen("figures-behind-nps", "manager", "/figures/nps/tickets/"),
    Screen("team", "manager", "/team/"),
    Screen("team-engineer", "engineer", "/team/"),
    Screen("team-person", "manager", "/team/people/{engineer}/"),
    Screen("team-own-page", "engineer", "/team/people/{engineer}/"),
    Screen("team-assignment", "manager", "/team/reports/assignment/"),
    Screen("calendars", "engineer", "/calendars/"),
    Screen("calendars-manager", "manager", "/calendars/"),
    Screen("calendar-year", "manager", "/calendars/office/2026/"),
    Screen("calendar-year-looked-at", "engineer", "/calendars/office/2026/"),
    Screen("calendar-year-without-days", "manager", "/calendars/always/2027/"),
    Screen("calendar-mark-refused", "manager", "/calendars/office/2026/", _mark_with_nothing),
    Screen("calendar-edit", "manager", "/calendars/office/edit/"),
    Screen("calendar-new", "manager", "/calendars/new/"),
    Screen("calendar-import", "manager", "/calendars/office/import/"),
    Screen("calendar-import-preview", "manager", "/calendars/office/import/", _show_a_file),
    Screen("calendar-import-refused", "manager", "/calendars/office/import/", _show_a_bad_file),
    Screen("admin", "admin", "/admin/"),
    Screen("admin-users", "admin", "/admin/accounts/user/"),
    Screen("admin-user", "admin", "/admin/accounts/user/1/change/"),
    Screen("admin-products", "admin", "/admin/catalog/product/"),
    Screen("admin-routing", "admin", "/admin/tickets/routingrule/"),
    Screen("admin-targets", "admin", "/admin/sla/"),
    Screen("admin-calendar", "admin", "/admin/sla/calendar/1/change/"),
    Screen("admin-statutory-days", "admin", "/admin/catalog/statutoryday/?year=2026"),
    Screen("admin-article", "admin", "/admin/knowledgebase/article/1/change/"),
    Screen("admin-deliveries", "admin", "/admin/notifications/delivery/"),
    Screen("admin-delivery-log", "admin", "/admin/notifications/attempt/"),
    Screen("admin-webhook", "admin", "/admin/notifications/webhooktarget/add/"),
    Screen("admin-robot", "admin", "/admin/notifications/robot/add/"),
)
