"""Who works at the demo desk, and whom it works for."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Organisation, Role, Team, TeamMembership, User
from accounts.services.people import vouch_for_address

PASSWORD = "ledgerdesk-demo"  # noqa: S105 (known to everybody: it opens demo data and nothing else)
DOMAIN = "demo.example"
ORGANISATIONS = (
    ("hengxin", "华东恒信集团", "Hengxin Group"),
    ("boyuan", "博远教育", "Boyuan Education"),
    ("taihe", "泰和物流", "Taihe Logistics"),
    ("chenguang", "晨光医药", "Chenguang Pharma"),
    ("jinhai", "锦海置业", "Jinhai Properties"),
    ("luyuan", "绿源食品", "Luyuan Foods"),
    ("tianyi", "天一精工", "Tianyi Precision"),
)
# Address, name, organisation; only the first three can sign in.
CUSTOMERS = (
    ("customer", "陈静", "hengxin"),
    ("colleague", "吴迪", "hengxin"),
    ("stranger", "何雨桐", "boyuan"),
    ("liu.fang", "刘芳", "taihe"),
    ("sun.lei", "孙磊", "chenguang"),
    ("xu.min", "徐敏", "chenguang"),
    ("gao.yuan", "高远", "jinhai"),
    ("tang.li", "唐莉", "luyuan"),
    ("ma.chao", "马超", "tianyi"),
    ("zheng.xue", "郑雪", "taihe"),
    ("huang.tao", "黄涛", "boyuan"),
    ("zhu.lin", "朱琳", "taihe"),
    ("hu.bin", "胡斌", "chenguang"),
    ("guo.jia", "郭佳", "jinhai"),
    ("lin.feng", "林峰", "luyuan"),
    ("he.ying", "何莹", "tianyi"),
    ("luo.jun", "罗军", "boyuan"),
    ("liang.chen", "梁晨", "boyuan"),
    ("song.dan", "宋丹", "taihe"),
    ("xu.qiang", "许强", "chenguang"),
    ("han.mei", "韩梅", "jinhai"),
    ("deng.chao", "邓超", "luyuan"),
    ("feng.jie", "冯洁", "tianyi"),
    ("cao.yang", "曹阳", "boyuan"),
    ("peng.li", "彭丽", "boyuan"),
    ("zeng.wei", "曾伟", "taihe"),
    ("xiao.hong", "萧红", "chenguang"),
    ("tian.tian", "田甜", "jinhai"),
    ("dong.jian", "董建", "luyuan"),
    ("yuan.yuan", "袁媛", "tianyi"),
    ("pan.lei", "潘磊", "boyuan"),
    ("jiang.xin", "蒋欣", "boyuan"),
    ("cai.ming", "蔡明", "taihe"),
    ("yu.jing", "余静", "chenguang"),
    ("du.juan", "杜鹃", "jinhai"),
)
# Address, name, teams.
ENGINEERS = (
    ("engineer", "周航", ("gl", "reports")),
    ("engineer2", "赵敏", ("platform",)),
    ("lin.ke", "林可", ("gl", "platform")),
    ("luo.fan", "罗帆", ("reports",)),
)
CAN_SIGN_IN = {"customer", "colleague", "stranger", "engineer", "engineer2", "manager", "admin"}


@dataclass(frozen=True)
class Cast:
    """Everybody, by the first part of the address."""

    customers: dict[str, User]
    engineers: dict[str, User]
    manager: User

    def of_team(self, team: Team | None) -> list[User]:
        """The engineers of a team."""
        codes = {name: teams for name, _label, teams in ENGINEERS}
        return [user for name, user in self.engineers.items() if team and team.code in codes[name]]


def make_cast() -> Cast:
    """Create the organisations, users and memberships."""
    organisations = {
        code: Organisation.objects.create(code=code, name=zh, name_en=en) for code, zh, en in ORGANISATIONS
    }
    customers = {
        local: _user(local, name, organisation=organisations[code], is_contact_manager=local == "colleague")
        for local, name, code in CUSTOMERS
    }
    engineers = {local: _user(local, name, role=Role.ENGINEER) for local, name, _teams in ENGINEERS}
    for local, _name, teams in ENGINEERS:
        _join(engineers[local], teams)
    manager = _user("manager", "王倩", role=Role.MANAGER)
    _join(manager, Team.objects.values_list("code", flat=True), leads=True)
    _user("admin", "系统管理员", role=Role.ADMIN)
    return Cast(customers, engineers, manager)


def _user(local: str, name: str, **fields: object) -> User:
    password = PASSWORD if local in CAN_SIGN_IN else None
    user = User.objects.create_user(f"{local}@{DOMAIN}", password, name=name, **fields)
    vouch_for_address(user=user)
    return user


def _join(user: User, codes: Iterable[str], *, leads: bool = False) -> None:
    for team in Team.objects.filter(code__in=codes):
        TeamMembership.objects.create(team=team, user=user, leads=leads)
