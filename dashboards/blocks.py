"""The tables of the figures page, each from the facts."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from dashboards import cards, wording
from dashboards.breakdowns import HOURS_A_SLOT, Engineer, Volume
from dashboards.drilldown import NOBODY
from dashboards.facts import Facts
from dashboards.formulae import AGES, SMALL, WAITS, Share, interval
from dashboards.periods import Bucket, Period
from dashboards.tables import Cell, Column, Table, Whisker
from dashboards.wording import length, number, share, signed
from sla.vocabulary import Metric
from tickets.vocabulary import Tier

DAYS_A_WEEK = 7
# More people or categories than these are not read on a page.
READ = 20


def counted(n: int, href: str = "", bar: float | None = None) -> Cell:
    """A count; nothing to click where there is nothing."""
    return Cell(number(n), n, href if n else "", bar=bar)


def shared(value: float | None, href: str = "") -> Cell:
    """A share."""
    return Cell(share(value), value, href)


def of_piece(facts: Facts, bucket: Bucket) -> Period:
    """A piece of the period as a period of its own."""
    return Period(bucket.first, bucket.end, facts.period.zone)


def _piece_cell(facts: Facts, bucket: Bucket) -> Cell:
    return Cell(wording.days(of_piece(facts, bucket), today=facts.today), bucket.first.isoformat())


def summary(facts: Facts) -> Table:
    """Every headline figure with its formula."""
    titles = (_("Figure"), _("Value"), _("n"), _("Formula"), _("Compared with"))
    table = Table("summary", _("Figures"), [Column(title, title == _("n")) for title in titles])
    for card in (card for row in cards.rows(facts) for card in row):
        table.rows.append(
            [
                Cell(card.title),
                Cell(f"{card.shown} {card.unit}".strip(), card.value),
                Cell("") if card.n is None else counted(card.n),
                Cell(card.formula_text),
                Cell(card.change.was),
            ]
        )
    return table


# Behind what address the clocks of a metric are listed.
CODES = {
    Metric.FIRST_RESPONSE: "first-response",
    Metric.NEXT_RESPONSE: "next-response",
    Metric.RESOLUTION: "resolution",
}


def promises(facts: Facts) -> Table:
    """Kept and broken promises by metric and tier."""
    titles = (_("Kept"), _("Broken"), _("In time"))
    columns = [Column(_("Promise"), numeric=False), Column(_("Tier"), numeric=False), *map(Column, titles)]
    table = Table("promises", _("Promises by tier"), columns)
    for metric in Metric:
        code = CODES[metric]
        for tier in Tier:
            found = facts.now.sla[metric][tier]
            table.rows.append(
                [
                    Cell(str(metric.label)),
                    Cell(str(tier.label)),
                    counted(found.met, facts.behind(code, tier=tier.value, part="met")),
                    counted(found.breached, facts.behind(code, tier=tier.value, part="breached")),
                    shared(found.value),
                ]
            )
    return table


def attainment(facts: Facts) -> Table:
    """First-response promises over time, by tier."""
    columns = [Column(_("Period"), numeric=False)]
    for tier in Tier:
        columns += [Column(_("%(tier)s, due") % {"tier": tier.label}), Column(_("in time"))]
    table = Table("attainment", _("Did we keep the promise of a first response?"), columns)
    for bucket in facts.period.buckets():
        row = [_piece_cell(facts, bucket)]
        for tier in Tier:
            found = facts.attainment[bucket.key][tier]
            href = facts.behind("first-response", of_piece(facts, bucket), tier=tier.value)
            row += [counted(found.n, href), shared(found.value)]
        table.rows.append(row)
    return table


def hours(facts: Facts) -> Table:
    """Broken first-response promises by weekday and time of day."""
    slots = range(24 // HOURS_A_SLOT)
    columns = [Column(_("Weekday"), numeric=False), Column(_("Broken"))]
    columns += [Column(wording.slot(index, HOURS_A_SLOT)) for index in slots]
    table = Table("hours", _("When do we fall short?"), columns)
    for day in range(1, DAYS_A_WEEK + 1):
        counts = [facts.hours.get((day, index), 0) for index in slots]
        table.rows.append([Cell(wording.weekday(day)), counted(sum(counts)), *map(counted, counts)])
    return table


def waits(facts: Facts) -> Table:
    """First answers by how long they took, and added up."""
    columns = [
        Column(_("First answered after"), numeric=False),
        *map(Column, (_("Tickets"), _("Share"), _("So far"))),
        Column(_("share so far")),
    ]
    table = Table("waits", _("How fast do we answer first?"), columns)
    total, so_far = sum(facts.waits), 0
    for wait, n in zip(WAITS, facts.waits, strict=True):
        so_far += n
        table.rows.append(
            [
                Cell(wording.bin_name(wait)),
                counted(n, facts.behind("first-response-time", wait=wait.code)),
                shared(Share(n, total).value),
                counted(so_far),
                shared(Share(so_far, total).value),
            ]
        )
    return table


def flow(facts: Facts) -> Table:
    """Filed and resolved over time."""
    columns = [
        Column(_("Period"), numeric=False),
        *map(Column, (_("Tickets filed"), _("Tickets resolved"), _("Difference"))),
    ]
    table = Table("flow", _("Do we keep up?"), columns)
    for bucket in facts.period.buckets():
        filed, resolved = facts.flow[bucket.key]
        piece = of_piece(facts, bucket)
        table.rows.append(
            [
                _piece_cell(facts, bucket),
                counted(filed, facts.behind("opened", piece)),
                counted(resolved, facts.behind("resolved", piece)),
                Cell(signed(filed - resolved), filed - resolved),
            ]
        )
    return table


def ages(facts: Facts) -> Table:
    """The backlog by age."""
    columns = [Column(_("Age"), numeric=False), Column(_("Tickets")), Column(_("Share"))]
    table = Table("ages", _("How old is what is still open?"), columns)
    for age, n in zip(AGES, facts.ages, strict=True):
        row = [Cell(wording.bin_name(age)), counted(n, facts.behind("backlog", age=age.code))]
        table.rows.append([*row, shared(Share(n, facts.now.backlog).value)])
    return table


def recommendations(facts: Facts) -> Table:
    """Answers to the recommendation question over time."""
    titles = (_("Promoters"), _("Passives"), _("Detractors"), "NPS")
    table = Table(
        "recommendations",
        _("Who recommends us?"),
        [Column(_("Period"), numeric=False), *map(Column, titles)],
    )
    for bucket in facts.period.buckets():
        found, piece = facts.recommendations[bucket.key], of_piece(facts, bucket)
        table.rows.append(
            [
                _piece_cell(facts, bucket),
                counted(found.promoters, facts.behind("nps", piece, part="promoters")),
                counted(found.passives, facts.behind("nps", piece, part="passives")),
                counted(found.detractors, facts.behind("nps", piece, part="detractors")),
                Cell("–" if found.value is None else signed(found.value), found.value),
            ]
        )
    return table


def _volume(facts: Facts, table: Table, rows: Sequence[Volume], name: str) -> Table:
    most = max((row.now for row in rows), default=0)
    for row in rows:
        code = row.about.code if row.about else NOBODY
        table.rows.append(
            [
                Cell(row.about.name if row.about else _("not said")),
                counted(row.now, facts.behind("opened", **{name: code}), bar=100 * row.now / most),
                shared(Share(row.now, facts.now.opened).value),
                Cell(signed(row.now - row.before), row.now - row.before),
            ]
        )
    return table


def _volume_columns(what: str) -> list[Column]:
    return [Column(what, numeric=False), *map(Column, (_("Tickets filed"), _("Share"), _("Against before")))]


def modules(facts: Facts) -> Table:
    """Tickets filed by module."""
    table = Table(
        "modules", _("Which modules do tickets come from?"), _volume_columns(_("Module")), shown=READ
    )
    return _volume(facts, table, facts.modules, "module")


def products(facts: Facts) -> Table:
    """Tickets filed by product."""
    table = Table("products", _("By product"), _volume_columns(_("Product")), shown=READ)
    return _volume(facts, table, facts.products, "about")


def categories(facts: Facts) -> Table:
    """Tickets filed by category."""
    table = Table("categories", _("By category"), _volume_columns(_("Category")), shown=READ)
    return _volume(facts, table, facts.categories, "category")


def pains(facts: Facts) -> Table:
    """The most frequent pairs of module and category."""
    titles = (_("Tickets filed"), _("Share"), _("Against before"), _("At first contact"))
    table = Table(
        "pains",
        _("Where do customers get stuck most?"),
        [Column(_("Problem"), numeric=False), *map(Column, titles)],
        note=_("Tickets filed by category and module, n = %(n)s") % {"n": number(facts.now.opened)},
    )
    most = max((pain.now for pain in facts.pains), default=0)
    for pain in facts.pains:
        module = pain.module.name if pain.module else _("no module said")
        category = pain.category.name if pain.category else _("no category said")
        where = {
            "module": pain.module.code if pain.module else NOBODY,
            "category": pain.category.code if pain.category else NOBODY,
        }
        table.rows.append(
            [
                Cell(category, f"{category} · {module}", note=module),
                counted(pain.now, facts.behind("opened", **where), bar=100 * pain.now / most),
                shared(Share(pain.now, facts.now.opened).value),
                Cell(signed(pain.now - pain.before), pain.now - pain.before),
                _few_or(pain.fcr, shared(pain.fcr.value, facts.behind("fcr", **where))),
            ]
        )
    return table


def engineers(facts: Facts) -> Table:
    """Who holds and who resolved what; shares with their interval, small ones not compared."""
    titles = (_("Holds now"), _("Tickets resolved"))
    table = Table(
        "engineers",
        _("Engineers"),
        [
            Column(_("Name"), numeric=False),
            *map(Column, titles),
            Column(_("At first contact"), numeric=False),
            Column(_("Satisfaction"), numeric=False),
            Column(_("Median time to resolve")),
        ],
        shown=READ,
        note=_(
            "The dot is the person, the line across it the interval of 95 per cent, the dashed line everybody. "
            "Where these two cross, no difference can be told: this is no ranking."
        ),
    )  # fmt: skip
    csat = Share(facts.now.csat.numerator, facts.now.csat.n)
    for one in facts.engineers:
        table.rows.append(_engineer(facts, one, csat))
    return table


def _engineer(facts: Facts, one: Engineer, csat: Share) -> list[Cell]:
    person = one.person.pk if one.person else NOBODY
    own = Share(one.csat.numerator, one.csat.n)
    return [
        Cell(one.person.name if one.person else _("nobody")),
        counted(one.load, facts.behind("backlog", person=person)),
        counted(one.resolved, facts.behind("resolved", person=person)),
        _ranged(one.fcr, facts.now.fcr, facts.behind("fcr", person=person)),
        _ranged(own, csat, facts.behind("csat", person=person)),
        Cell(length(one.median_seconds), one.median_seconds),
    ]


def _ranged(found: Share, everybody: Share, href: str) -> Cell:
    """A share with its interval."""
    between = interval(found)
    if between is None:
        return Cell("–")
    low, high = (100 * border for border in between)
    whisker = Whisker(100 * (found.value or 0), low, high, 100 * (everybody.value or 0))
    text = f"{100 * (found.value or 0):.0f}%"
    return _few_or(found, Cell(text, found.value, href, note=f"{low:.0f}–{high:.0f}", whisker=whisker))


def _few_or(found: Share, cell: Cell) -> Cell:
    """The cell itself, or a word on how few there are."""
    if found.denominator == 0:
        return Cell("–")
    if found.denominator < SMALL:
        text = _("only %(n)d, not compared") % {"n": found.denominator}
        return Cell("", found.value, note=text)
    return cell


TABLES: dict[str, Callable[[Facts], Table]] = {
    build.__name__: build
    for build in (
        summary, promises, attainment, hours, waits, flow, ages, recommendations,
        modules, products, categories, pains, engineers,
    )
}  # fmt: skip
