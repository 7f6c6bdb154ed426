"""When the demo's customers close their books."""

from accounts.models import Organisation
from catalog.models import Module
from tickets.models import ClosingWindow
from tickets.windows import RuleKind

# Organisation, Chinese name, English name, modules, rule and its ends.
WINDOWS = (
    (
        "taihe",
        "月末关账",
        "Month-end close",
        ("gl",),
        {"rule": RuleKind.MONTHLY, "day_from": 26, "day_to": 5},
    ),
    ("chenguang", "纳税申报", "Tax filing", ("tax",), {"rule": RuleKind.TAX_FILING}),
    ("taihe", "纳税申报", "Tax filing", ("tax",), {"rule": RuleKind.TAX_FILING}),
    (
        "tianyi",
        "年终决算",
        "Year-end closing",
        ("gl", "fa"),
        {"rule": RuleKind.YEARLY, "month_from": 12, "day_from": 20, "month_to": 1, "day_to": 15},
    ),
)


def plan_windows() -> None:
    """Store the windows; of the month before, no ticket knows them. The people who sign in have none: what they
    file weighs what they say."""
    organisations = Organisation.objects.in_bulk(field_name="code")
    for code, zh, en, modules, rule in WINDOWS:
        window = ClosingWindow.objects.create(
            organisation=organisations[code], name_zh=zh, name_en=en, **rule
        )
        window.modules.set(Module.objects.filter(code__in=modules))
