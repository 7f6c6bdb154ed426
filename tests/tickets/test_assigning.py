"""Tickets that the desk gives to somebody by itself: in turn, or to whoever has least to do."""

import json
import threading
from datetime import date, timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Duty, Leave, Role, Team, TeamMembership, User
from catalog.models import Category, Certificate, HeldCertificate, Module, Product, Skill
from catalog.selectors import requirements
from catalog.skills import Asked, can_do
from sla.base import load_targets
from tests.factories import NOON, act, join, make_desk, make_ticket, make_user
from tickets import presenting
from tickets.crew import rota_of
from tickets.doable import doable_by
from tickets.models import HistoryEntry, Ticket
from tickets.services.assigning import assign_automatically, assign_waiting
from tickets.services.errors import BeyondSkills
from tickets.services.taking import take_next
from tickets.triage import Impact
from tickets.whose_turn import Candidate, Rota

HOUR = timedelta(hours=1)
# A Wednesday, ten in the morning in Shanghai; noon is everybody's lunch.
MORNING, EVENING = NOON - 2 * HOUR, NOON + 9 * HOUR
URGENT = {"impact": Impact(production_down="full")}


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def team(desk) -> Team:
    """The reports team: 周航 and two more take turns; 王倩 leads it and takes none."""
    for name in ("a", "b"):
        join(make_user(f"{name}@test.example", Role.ENGINEER, password=None), "reports")
    TeamMembership.objects.filter(leads=True).update(in_rotation=False)
    return assign("round_robin")


def assign(way, **fields) -> Team:
    Team.objects.filter(code="reports").update(assignment=way, **fields)
    return Team.objects.get(code="reports")


def people(*names) -> list[User]:
    return [User.objects.get(email=f"{name}@test.example") for name in names]


def sweep(at=MORNING) -> int:
    return assign_waiting(now=lambda: at)


def holders() -> list[str]:
    """Who holds the tickets, in the order of filing."""
    found = Ticket.objects.order_by("pk").values_list("assignee__email", flat=True)
    return [str(address).partition("@")[0] for address in found]


# --- in turn --------------------------------------------------------------------------------------------


def test_everybody_who_is_there_gets_one_in_turn(desk, team):
    for _number in range(6):
        make_ticket(desk.customer, at=MORNING)
    assert sweep() == 6
    assert holders() == ["engineer", "a", "b"] * 2
    assert set(Ticket.objects.values_list("status", flat=True)) == {"assigned"}
    assert sweep() == 0


def test_the_history_says_that_the_desk_did_it_and_why(desk, team):
    ticket = make_ticket(desk.customer, at=MORNING)
    sweep()
    rows = HistoryEntry.objects.filter(ticket=ticket, event="assign").order_by("pk")
    names = presenting.Names(users={desk.engineer.pk: "周航"})
    told = presenting.present(rows, names, reader=desk.manager, plain=False)[0]
    assert (told.actor, told.text, told.quote) == (None, "分派给周航", "按轮流顺序分派。")


def test_who_comes_back_is_next_once_and_does_not_make_up_for_the_time_away(desk, team):
    away = people("a")[0]
    leave = Leave.objects.create(user=away, starts_at=MORNING - HOUR, ends_at=NOON, updated_at=MORNING)
    for _number in range(4):
        make_ticket(desk.customer, at=MORNING)
    sweep()
    assert holders() == ["engineer", "b"] * 2
    leave.delete()
    for _number in range(3):
        make_ticket(desk.customer, at=MORNING)
    sweep()
    assert holders()[4:] == ["a", "engineer", "b"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_bot": True}, {"role": "customer"}])
def test_who_is_gone_a_program_or_a_customer_is_never_chosen(desk, team, change):
    User.objects.filter(email="a@test.example").update(**change)
    for _number in range(3):
        make_ticket(desk.customer, at=MORNING)
    sweep()
    assert holders() == ["engineer", "b", "engineer"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_skip_no_turn_and_give_nothing_twice():
    load_targets()
    desk = make_desk()
    join(make_user("a@test.example", Role.ENGINEER, password=None), "reports")
    TeamMembership.objects.filter(leads=True).update(in_rotation=False)
    assign("round_robin")
    ids = [make_ticket(desk.customer, at=MORNING).pk for _number in range(8)]
    together = threading.Barrier(2)

    def work(own):
        together.wait()
        for pk in own:
            assign_automatically(ticket_id=pk, at=MORNING)
        connection.close()

    workers = [threading.Thread(target=work, args=[own]) for own in (ids[::2], ids[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(holders()) == ["a"] * 4 + ["engineer"] * 4
    turns = TeamMembership.objects.filter(team__code="reports", in_rotation=True).values_list(
        "turn", flat=True
    )
    assert sorted(turns) == [7, 8]
    assert HistoryEntry.objects.filter(event="assign", field="assignee").count() == 8


# --- by load, by cap ------------------------------------------------------------------------------------


def test_whoever_has_least_to_do_is_given_the_next_by_the_weight_of_what_they_hold(desk, team):
    assign("least_loaded")
    engineer, a = people("engineer", "a")
    act(make_ticket(desk.customer, at=MORNING, **URGENT), "assign", desk.manager, MORNING, assignee=engineer)
    for _number in range(2):
        act(make_ticket(desk.customer, at=MORNING), "assign", desk.manager, MORNING, assignee=a)
    # 3 for the urgent one, 4 for the two general ones, nothing yet: b, again b at 2, then engineer.
    for _number in range(3):
        make_ticket(desk.customer, at=MORNING)
    sweep()
    assert holders()[3:] == ["b", "b", "engineer"]


def test_who_holds_as_many_as_the_cap_is_given_no_more_and_the_ticket_stays_the_teams(desk, team):
    assign("round_robin", open_cap=1)
    for _number in range(4):
        make_ticket(desk.customer, at=MORNING)
    assert sweep() == 3
    assert holders() == ["engineer", "a", "b", "None"]
    assert Ticket.objects.get(assignee=None).status == "new"


loads = st.fixed_dictionaries({tier: st.integers(0, 4) for tier in ("urgent", "general", "consultation")})
crews = st.lists(st.tuples(st.booleans(), st.integers(0, 9), loads), max_size=5).map(
    lambda said: [Candidate(n, there, turn, held) for n, (there, turn, held) in enumerate(said)]
)


@given(crews, st.sampled_from(["round_robin", "least_loaded"]), st.none() | st.integers(1, 8))
def test_nobody_better_is_ever_passed_over(crew, way, cap):
    chosen = Rota(way, cap, crew).choose(Asked(), on=date(2026, 3, 4))
    fitting = [who for who in crew if who.is_available and (cap is None or who.count < cap)]
    if not fitting:
        assert chosen is None
        return
    assert chosen in fitting
    if way == "least_loaded":
        assert chosen.load == min(who.load for who in fitting)
        fitting = [who for who in fitting if who.load == chosen.load]
    assert chosen.turn == min(who.turn for who in fitting)


# --- when somebody is there -----------------------------------------------------------------------------


def test_what_comes_at_night_waits_for_somebody_to_come_to_work_or_goes_to_who_is_on_duty(desk, team):
    make_ticket(desk.customer, at=EVENING)
    assert sweep(EVENING) == 0
    on_duty = people("b")[0]
    Duty.objects.create(team=team, user=on_duty, starts_at=EVENING + HOUR, ends_at=EVENING + 2 * HOUR)
    assert sweep(EVENING + HOUR) == 1
    make_ticket(desk.customer, at=EVENING + 3 * HOUR)
    assert sweep(EVENING + 3 * HOUR) == 0
    assert sweep(MORNING + timedelta(days=1)) == 1
    assert holders() == ["b", "engineer"]


def test_a_ticket_handed_over_to_such_a_team_is_given_to_somebody_of_it(desk, team):
    ticket = act(make_ticket(desk.customer, at=MORNING, module="platform"), "take", desk.engineer2, MORNING)
    act(ticket, "hand_over", desk.engineer2, MORNING, team=team)
    sweep()
    assert holders() == ["engineer"]
    assert Ticket.objects.get().handovers == 1


def test_a_team_that_assigns_by_hand_is_left_alone_and_so_is_what_somebody_holds(desk, team):
    make_ticket(desk.customer, at=MORNING, module="gl")
    held = act(make_ticket(desk.customer, at=MORNING), "take", desk.manager, MORNING)
    assert sweep() == 0
    assert assign_automatically(ticket_id=held.pk, at=MORNING) is None
    assert holders() == ["None", "manager"]


def test_filing_asks_the_database_nothing_more_for_it(desk, team, django_assert_max_num_queries):
    assign("by_hand")
    make_ticket(desk.customer, at=MORNING)
    with django_assert_max_num_queries(100) as before:
        make_ticket(desk.customer, at=MORNING)
    assign("least_loaded")
    with django_assert_max_num_queries(len(before)):
        make_ticket(desk.customer, at=MORNING)


# --- skills ---------------------------------------------------------------------------------------------


def test_only_who_has_the_skill_and_the_certificate_is_given_it(desk, team):
    a, b = people("a", "b")
    tax = Module.objects.get(code="tax")
    for person in (a, b):
        Skill.objects.create(user=person, module=tax)
    filing = Certificate.objects.create(code="filing", name_zh="报税资格", name_en="Tax filing")
    Category.objects.filter(code="data").update(certificate=filing)
    HeldCertificate.objects.create(user=b, certificate=filing, expires_on=MORNING.date())
    for module, category in (("tax", "data"), ("tax", "defect"), ("reports", "defect")):
        make_ticket(desk.customer, at=MORNING, module=module, category=category)
    sweep()
    assert holders() == ["b", "a", "engineer"]
    make_ticket(desk.customer, at=MORNING, module="tax", category="data")
    assert sweep(MORNING + timedelta(days=1)) == 0


def test_the_next_ticket_is_the_most_pressing_one_within_somebodys_skills(desk, team):
    assign("by_hand")
    engineer, a = people("engineer", "a")
    Skill.objects.create(user=a, module=Module.objects.get(code="tax"))
    pressing = make_ticket(desk.customer, at=MORNING, module="tax", **URGENT)
    calm = make_ticket(desk.customer, at=MORNING)
    assert take_next(user=engineer, at=MORNING) == calm
    with pytest.raises(BeyondSkills):
        take_next(user=engineer, at=MORNING)
    assert take_next(user=a, at=MORNING) == pressing
    assert take_next(user=engineer, at=MORNING) is None


def test_the_page_and_programs_are_told_that_what_waits_is_beyond_them(client, desk, team):
    assign("by_hand")
    Skill.objects.create(user=people("a")[0], module=Module.objects.get(code="reports"))
    make_ticket(desk.customer)
    client.force_login(desk.engineer)
    assert "都需要您尚未登记的技能" in client.post("/board/next/", follow=True).text
    answer = client.post("/api/v1/tickets/next", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (409, "beyond_skills")


def test_the_condition_for_the_database_says_what_the_pure_rule_says(desk, team):
    product, other = Product.objects.all()[:2]
    modules = list(Module.objects.filter(code__in=("reports", "tax")))
    filing = Certificate.objects.create(code="filing", name_zh="报税资格", name_en="Tax filing")
    Module.objects.filter(code="tax").update(certificate=filing)
    a, b = people("a", "b")
    combinations = [(p, m) for p in (None, product, other) for m in (None, *modules)]
    for p, m in combinations:
        make_ticket(desk.customer, module="reports", at=MORNING)
        Ticket.objects.filter(pk=Ticket.objects.latest("pk").pk).update(product=p, module=m)
    for first in combinations[1:]:
        for second in combinations[1:]:
            Skill.objects.all().delete()
            Skill.objects.create(user=a, product=first[0], module=first[1])
            Skill.objects.create(user=b, product=second[0], module=second[1])
            assert_agreement(a, team)
    HeldCertificate.objects.create(user=a, certificate=filing)
    assert_agreement(a, team)


def assert_agreement(person, team):
    today = MORNING.date()
    found = set(Ticket.objects.filter(doable_by(person, [team.pk], on=today)).values_list("pk", flat=True))
    needed, rota = requirements(), rota_of(team, at=MORNING)
    own = next(who for who in rota.candidates if who.id == person.pk).abilities
    expected = {
        t.pk
        for t in Ticket.objects.all()
        if can_do(
            own, needed.asked(t.product_id, t.module_id, t.category_id), declared=rota.declared, on=today
        )
    }
    assert found == expected


@pytest.mark.django_db(transaction=True)
def test_a_filing_for_such_a_team_wakes_a_worker_and_one_for_another_does_not():
    load_targets()
    desk = make_desk()
    assign("round_robin")
    queue = f"{settings.REDIS_KEY_PREFIX}celery"
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete(queue)
        for module in ("reports", "gl"):
            make_ticket(desk.customer, at=MORNING, module=module)
        asked = [json.loads(text)["headers"]["task"] for text in broker.lrange(queue, 0, -1)]
        broker.delete(queue)
    assert asked.count("tickets.tasks.assign_waiting") == 1
