"""Which team takes a ticket: rules in their order, then the module's team, then the default team."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team
from catalog.models import Category, Module, Product
from tests.factories import make_desk, make_ticket
from tickets.models import HistoryEntry, RoutingRule
from tickets.presenting import Names, present
from tickets.routing import Facts, Rule, first_fitting, shadowed
from tickets.routing_rules import team_for

some = st.none() | st.integers(1, 2)
facts = st.builds(Facts, some, some, some, some)
rule_lists = st.lists(facts, max_size=6).map(lambda wants: [Rule(n, n, w) for n, w in enumerate(wants)])


@given(rule_lists, facts)
def test_the_first_rule_decides_whose_every_condition_fits(rules, ticket):
    found = first_fitting(rules, ticket)
    fitting = [r for r in rules if all(w in {None, vars(ticket)[n]} for n, w in vars(r.wants).items())]
    assert found == (fitting[0] if fitting else None)


@given(rule_lists, facts)
def test_a_shadowed_rule_never_decides(rules, ticket):
    found = first_fitting(rules, ticket)
    assert found is None or found.id not in shadowed(rules)


def test_a_closer_rule_behind_a_wider_one_is_never_reached_but_before_it_is():
    wide, close = Rule(1, 1, Facts(module=1)), Rule(2, 2, Facts(module=1, organisation=4))
    assert shadowed([wide, close]) == {2: 1}
    assert shadowed([close, wide]) == {}


@pytest.fixture
def desk(db):
    return make_desk()


def rule(team, position=10, **fields) -> RoutingRule:
    return RoutingRule.objects.create(position=position, team=Team.objects.get(code=team), **fields)


def opened(ticket) -> dict:
    return HistoryEntry.objects.get(ticket=ticket, event="opened").data


def test_the_first_rule_that_fits_takes_the_ticket_and_the_history_names_it(desk):
    tax = Module.objects.get(code="tax")
    rule("reports", position=20)
    first = rule("gl", module=tax, organisation=desk.customer.organisation)
    ticket = make_ticket(desk.customer, module="tax")
    assert ticket.team.code == "gl"
    assert opened(ticket)["rule"] == first.pk
    assert make_ticket(desk.stranger, module="tax").team.code == "reports"
    rows = HistoryEntry.objects.filter(ticket=ticket)
    words = [present(rows, Names(), reader=desk.admin, plain=plain)[0].text for plain in (False, True)]
    assert words == [f"提交了工单，由分派规则 #{first.pk} 选定团队", "提交了工单"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"team": "out of use"}, {"product": "sap-s4hana"}])
def test_where_no_rule_fits_the_module_and_then_the_default_team_take_it(desk, change):
    made = rule("gl", category=Category.objects.get(code="defect"))
    if "team" in change:
        Team.objects.filter(code="gl").update(is_active=False)
    elif "product" in change:
        made.product = Product.objects.get(code=change["product"])
    else:
        made.is_active = False
    made.save()
    by_module, by_default = make_ticket(desk.customer), make_ticket(desk.customer, module="fa")
    Module.objects.filter(code="fa").update(team=None)
    assert by_module.team.code == "reports"
    assert "rule" not in opened(by_module)
    assert by_default.team.code == ("platform" if "team" in change else "gl")
    assert make_ticket(desk.customer, module="fa").team.code == "platform"


def test_the_admin_site_lists_the_rules_in_order_and_warns_of_one_never_reached(client, desk):
    wide = rule("gl", module=Module.objects.get(code="tax"))
    client.force_login(desk.admin)
    fields = {"position": 30, "module": wide.module_id, "team": wide.team_id, "is_active": "on"}
    where = "/admin/tickets/routingrule/"
    said = client.post(f"{where}add/", {**fields, "organisation": desk.customer.organisation_id}, follow=True)
    hidden = RoutingRule.objects.get(position=30)
    assert f"#{hidden.pk}" in said.text
    page = client.get(where).text
    assert f"规则 #{wide.pk} 在它之前已经接走了全部工单" in page
    RoutingRule.objects.filter(pk=wide.pk).update(position=40)
    assert "已经接走了全部工单" not in client.get(where).text


def test_it_takes_one_query_whoever_decides(desk, django_assert_num_queries):
    module = Module.objects.get(code="tax")
    asked = {"product": None, "category": None, "organisation": desk.customer.organisation}
    for position in (3, 2, 1):
        rule("gl", position=position, organisation=desk.customer.organisation)
    with django_assert_num_queries(1):
        routed = team_for(module=module, **asked)
    assert RoutingRule.objects.get(pk=routed.rule).position == 1
    RoutingRule.objects.all().delete()
    for chosen, code in ((Module.objects.get(code="tax"), "reports"), (None, "platform")):
        with django_assert_num_queries(1):
            assert team_for(module=chosen, **asked).team.code == code
