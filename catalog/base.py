"""What every desk begins with: teams, products, modules and categories. An admin changes them later."""

from django.db import transaction

from accounts.models import Team
from catalog.models import Category, Module, Product

TEAMS = (
    ("gl", "总账组", "General ledger team"),
    ("reports", "报表组", "Reports team"),
    ("platform", "平台组", "Platform team"),
)
DEFAULT_TEAM = "platform"
PRODUCTS = (
    ("yonyou-nc-cloud", "用友 NC Cloud", "Yonyou NC Cloud", "Yonyou"),
    ("yonyou-nc65", "用友 NC65", "Yonyou NC65", "Yonyou"),
    ("yonyou-u8", "用友 U8+", "Yonyou U8+", "Yonyou"),
    ("kingdee-galaxy", "金蝶云·星空", "Kingdee Cloud Galaxy", "Kingdee"),
    ("kingdee-eas", "金蝶 EAS", "Kingdee EAS", "Kingdee"),
    ("sap-s4hana", "SAP S/4HANA", "SAP S/4HANA", "SAP"),
    ("oracle-ebs", "Oracle EBS", "Oracle EBS", "Oracle"),
    ("inspur-gs", "浪潮 GS", "Inspur GS", "Inspur"),
    ("chanjet-tplus", "畅捷通 T+", "Chanjet T+", "Chanjet"),
)
MODULES = (
    ("gl", "总账", "General ledger", "gl"),
    ("arap", "应收应付", "Receivables and payables", "gl"),
    ("fa", "固定资产", "Fixed assets", "gl"),
    ("reports", "报表", "Reports", "reports"),
    ("tax", "税务", "Tax", "reports"),
    ("budget", "预算", "Budget", "reports"),
    ("cash", "资金", "Cash", "platform"),
    ("platform", "平台", "Platform", "platform"),
)
CATEGORIES = (
    ("outage", "系统中断", "Outage", False),
    ("defect", "功能异常", "Malfunction", False),
    ("performance", "系统慢", "Slow system", False),
    ("data", "数据不符", "Data do not match", False),
    ("access", "登录与权限", "Sign-in and permissions", False),
    ("configuration", "配置变更", "Configuration change", False),
    ("how-to", "使用咨询", "How do I …?", True),
)


@transaction.atomic
def load_base() -> None:
    """Create what is missing; leave what an admin has changed as it is."""
    teams = {}
    for position, (code, zh, en) in enumerate(TEAMS):
        teams[code], _made = Team.objects.get_or_create(
            code=code,
            defaults={"name_zh": zh, "name_en": en, "position": position, "is_default": code == DEFAULT_TEAM},
        )
    for position, (code, zh, en, vendor) in enumerate(PRODUCTS):
        Product.objects.get_or_create(
            code=code, defaults={"name_zh": zh, "name_en": en, "vendor": vendor, "position": position}
        )
    for position, (code, zh, en, team) in enumerate(MODULES):
        Module.objects.get_or_create(
            code=code, defaults={"name_zh": zh, "name_en": en, "team": teams[team], "position": position}
        )
    for position, (code, zh, en, consultation) in enumerate(CATEGORIES):
        Category.objects.get_or_create(
            code=code,
            defaults={"name_zh": zh, "name_en": en, "is_consultation": consultation, "position": position},
        )
