"""What customers type, and the article that should come first."""

import pytest
from django.core.management import call_command

from knowledgebase.selectors import matching
from tests.factories import make_user

ASKED = [
    ("登录提示密码错误怎么办", "login-failure"),
    ("系统进不去，说并发用户数已满", "login-failure"),
    ("加密狗插着但是提示找不到", "login-failure"),
    ("打凭证出来全是白纸", "blank-print"),
    ("套打凭证位置偏了", "blank-print"),
    ("导出excel没反应", "report-export-failure"),
    ("ActiveX部件不能创建对象", "report-export-failure"),
    ("月结报表看不到", "month-end-report-not-visible"),
    ("资产负债表打开全是0", "month-end-report-not-visible"),
    ("利润表取不到数，要不要重算", "month-end-report-not-visible"),
    ("应收单生成凭证失败，提示科目为空", "voucher-generation-failure"),
    ("费用报销单制单报错 辅助核算不能为空", "voucher-generation-failure"),
    ("结账的时候提示还有未记账凭证，结不了账", "month-end-close-blocked"),
    ("月末结不了账，说固定资产还没结账", "month-end-close-blocked"),
    ("上个月的凭证做错了想修改，已经记账了", "reopen-and-unpost"),
    ("怎么反结账", "reopen-and-unpost"),
    ("反过账", "reopen-and-unpost"),
    ("试算不平衡，借贷差了200块", "ledger-does-not-balance"),
    ("总账和明细账对不上", "ledger-does-not-balance"),
    ("应收账款余额和总账不一致", "arap-does-not-match-gl"),
    ("这个月固定资产没有计提折旧", "depreciation-not-run"),
    ("新买的资产为什么没提折旧", "depreciation-not-run"),
    ("银行对账余额调节表调不平", "bank-reconciliation"),
    ("收到的数电票勾选不到，没法抵扣", "e-invoice-deduction"),
    ("专票在税务数字账户查不到", "e-invoice-deduction"),
    ("增值税申报上传失败，今天截止", "tax-filing-upload-failure"),
    ("报税报不上去，一直处理中", "tax-filing-upload-failure"),
    ("报销单作废了预算没退回来", "budget-not-released"),
    ("提示超预算但是明明还有余额", "budget-not-released"),
    ("新来的会计看不到菜单", "missing-permission"),
    ("没有权限查看子公司的数据", "missing-permission"),
    ("月末调汇没有生成凭证", "exchange-rate-revaluation"),
    ("汇兑损益算出来不对", "exchange-rate-revaluation"),
    ("软件打不开，显示站点数超了", "login-failure"),
    ("登陆失败", "login-failure"),
    ("帐号被锁了", "login-failure"),
    ("打印机打出来的字跑到边上去了", "blank-print"),
    ("打印预览有内容打出来没有", "blank-print"),
    ("导出来的表只有表头", "report-export-failure"),
    ("报表没数", "month-end-report-not-visible"),
    ("NC65 打开合并底稿空白", "month-end-report-not-visible"),
    ("薪资凭证出不来", "voucher-generation-failure"),
    ("入库单不能制单", "voucher-generation-failure"),
    ("十月份关不了账", "month-end-close-blocked"),
    ("提示存货还没结账", "month-end-close-blocked"),
    ("想把九月的账退回去改", "reopen-and-unpost"),
    ("反结帐", "reopen-and-unpost"),
    ("删除已记账的凭证", "reopen-and-unpost"),
    ("期初余额不平", "ledger-does-not-balance"),
    ("供应商余额两边不一样", "arap-does-not-match-gl"),
    ("累计折旧不对", "depreciation-not-run"),
    ("银行流水导入重复了", "bank-reconciliation"),
    ("未达账怎么处理", "bank-reconciliation"),
    ("发票认证不了", "e-invoice-deduction"),
    ("进项税没带到申报表", "e-invoice-deduction"),
    ("个税申报失败", "tax-filing-upload-failure"),
    ("电子税务局登不上去报不了税", "tax-filing-upload-failure"),
    ("预算占着不放", "budget-not-released"),
    ("按钮是灰色的点不了", "missing-permission"),
    ("看不到分公司的凭证", "missing-permission"),
    ("美元户汇率怎么调", "exchange-rate-revaluation"),
]
ASKED_BY_STAFF = [
    ("ORA-00060", "consolidation-deadlock"),
    ("合并报表任务一直执行中，底稿是空的", "consolidation-deadlock"),
    ("系统慢，打开余额表要等 40 秒以上", "slow-at-month-end"),
    ("银企直联付款一直显示支付中", "bank-payment-unknown-state"),
]
ASKED_IN_ENGLISH = [
    ("I cannot sign in, it says all licences are in use", "login-failure"),
    ("vouchers print blank pages", "blank-print"),
    ("export to excel does nothing", "report-export-failure"),
    ("month-end report is empty", "month-end-report-not-visible"),
    ("how do I reopen a closed period", "reopen-and-unpost"),
    ("close is blocked by unposted vouchers", "month-end-close-blocked"),
    ("depreciation is missing for new assets", "depreciation-not-run"),
    ("tax return upload failed", "tax-filing-upload-failure"),
]
OFF_TOPIC = ["中午食堂吃什么", "快递还没有到", "请帮我订一张去北京的机票", "你好，在吗", "谢谢，已经解决了"]


pytestmark = pytest.mark.django_db


@pytest.fixture
def handbook():
    call_command("load_handbook", verbosity=0)


def misses(user, asked, language):
    """What does not get the article that should come first, with what it gets."""
    found = {text: [a.key for a in matching(user, text, language=language)][:1] for text, _key in asked}
    return {text: found[text] for text, key in asked if found[text] != [key]}


def test_what_customers_type_leads_to_the_right_article(handbook):
    assert misses(make_user("c@test.example"), ASKED, "zh-hans") == {}


def test_what_staff_types_leads_to_the_internal_articles(handbook):
    assert misses(make_user("e@test.example", "engineer"), ASKED_BY_STAFF, "zh-hans") == {}


def test_what_is_asked_in_english_leads_to_the_right_article(handbook):
    assert misses(make_user("c@test.example"), ASKED_IN_ENGLISH, "en") == {}


def test_what_has_nothing_to_do_with_finance_software_is_offered_nothing(handbook):
    reader = make_user("c@test.example")
    assert [text for text in OFF_TOPIC if matching(reader, text, language="zh-hans")] == []
