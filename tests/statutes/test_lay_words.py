import pytest

from statutes.index.ranking import meant
from statutes.lay_words import LAY_WORDS, by_longest_part, read
from statutes.terms import plain


def test_a_line_leads_from_what_people_say_to_the_words_of_the_law():
    assert read("# 劳动\n用人单位：老板、公司 + 工资\n劳动报酬：工资") == {
        ("老板",): ("用人单位",),
        ("公司", "工资"): ("用人单位",),
        ("工资",): ("劳动报酬",),
    }


def test_one_word_may_mean_several_things():
    assert read("甲：词\n乙：词") == {("词",): ("甲", "乙")}


def test_of_parts_that_are_parted_one_is_enough():
    assert read("维修义务：房东|租的+坏了|不修") == {
        ("坏了", "房东"): ("维修义务",),
        ("不修", "房东"): ("维修义务",),
        ("坏了", "租的"): ("维修义务",),
        ("不修", "租的"): ("维修义务",),
    }


def test_all_parts_must_be_said_in_whatever_width_and_characters():
    meanings = by_longest_part(read("用人单位：公司+工资"))
    assert "用人单位" in meant("公司不发工資", meanings)
    assert meant("公司不发奖金", meanings) == {}


def test_meanings_stand_by_the_longest_part_of_what_is_said():
    assert by_longest_part(read("甲：公司+不给工资\n乙：工资")) == {
        4: {"不给工资": {("不给工资", "公司"): ("甲",)}},
        2: {"工资": {("工资",): ("乙",)}},
    }


def test_a_part_is_found_wherever_it_stands():
    meanings = by_longest_part(read("甲甲：工资+欠"))
    assert all("甲甲" in meant(said, meanings) for said in ("欠工资", "工资欠了", "还欠我工资"))
    assert meant("工", meanings) == {}


def test_what_is_said_at_length_is_surer_than_a_short_word():
    meanings = by_longest_part(read("甲甲：老板\n乙乙：拖欠工资不发"))
    words = meant("老板拖欠工资不发", meanings)
    assert words["乙乙"] > words["甲甲"]


def test_what_the_law_says_itself_needs_its_other_words_less():
    meanings = by_longest_part(read("用人单位：老板"))
    alone = meant("老板跑了", meanings)["用人单位"]
    assert 0 < meant("老板跑了", meanings, lambda said: said == "老板")["用人单位"] < alone
    assert meant("老板跑了", meanings, lambda said: said == "跑了")["用人单位"] == alone


def test_what_is_said_again_and_again_is_looked_at_once():
    looked_at = []
    meant("老板" * 100, by_longest_part(read("用人单位：老板")), looked_at.append)
    assert looked_at == ["老板"]


def test_the_sites_own_list_names_no_numbered_provision():
    laws = {law for laws in LAY_WORDS.values() for law in laws}
    assert len(LAY_WORDS) > 1_000
    assert not [law for law in laws if "第" in law and "条" in law]
    assert all(parts and all(parts) for parts in LAY_WORDS)


def test_the_sites_own_list_is_written_as_questions_are_read():
    assert not [parts for parts in LAY_WORDS if plain("".join(parts)) != "".join(parts)]


@pytest.mark.parametrize(
    ("question", "law"),
    [
        ("公司扣我工资怎么办", "被执行人"),
        ("公司不给工资，怎么申请仲裁", "裁决"),
        ("老板跑了，员工的工资谁来付", "代理权"),
        ("我今年五十岁，在厂里上班，没签合同", "未成年人"),
        ("交了二十年社保，退休能领多少养老金", "支取"),
        ("朋友欠我钱，他说没钱还", "抵销"),
        ("收了我三万定金，不肯退", "受贿"),
        ("房东从押金里扣除了清洁费", "个人所得税"),
        ("房屋中介不退押金", "人力资源"),
        ("离婚能要多少补偿", "集体经济"),
        ("孩子的抚养费可以随时变更吗", "父姓"),
        ("夫妻天天吵架怎么办", "噪声"),
        ("老师打电话让我交补课费", "体罚"),
        ("请病假一定要病历吗", "篡改"),
        ("平台不同意退款", "个人信息"),
        ("在网上买了手机，卖家打电话骂我", "窃取"),
        ("我爸在酒店上班，孩子没人接", "彩票"),
        ("邻居偷偷换了门锁", "盗窃"),
        ("医院抢救花了三万", "抢夺"),
        ("上了失信名单，怎么解除高消费限制", "消费者"),
        ("他把我写的诗整首搬走了", "承租人"),
        ("股东会没提公积金就分红", "住房"),
        ("身份证被前同事拿去开店", "居民身份证"),
        ("律师您好，网店不退钱也不发货，去哪投诉", "委托"),
        ("他打人，派出所一直不处理", "刑讯逼供"),
        ("父亲去世了，兄弟要起诉分房", "中止"),
        ("第一次起诉离婚，没判离", "缓刑"),
        ("买了意外险，能赔多少", "分担"),
        ("对方打我，我没动手", "从犯"),
        ("我被打住进医院，他会坐牢吗", "医务人员"),
        ("收到民事判决书，多少天可以上诉", "抗诉"),
        ("健身房关了，怎么赔偿", "人身自由"),
        ("公司两年没交保险", "中止"),
        ("养老保险交了几年能领", "诉讼时效"),
        ("他联系不上，也不还钱", "提存"),
        ("前夫带走孩子没通知我", "传唤"),
        ("偷录的录音能当证据吗", "窃听"),
        ("同行造谣抹黑我的店", "虚伪"),
        ("无照驾驶，上班路上受伤", "营业执照"),
        ("车停在路边被撞了", "停放"),
        ("刑事拘留最长几天", "合并"),
        ("父母反对结婚", "暴力"),
        ("买手机要装苹果n1芯片吗", "补偿"),
        ("苹果iphone15坏了怎么赔", "补偿"),
        ("保险业务员骗我妈买理财险", "集资"),
        ("租房合同丢了", "保管"),
        ("带孩子住酒店，网约车没来", "未成年人"),
        ("房子被拍卖了，还要罚钱吗", "监控"),
        ("安装的软件总是死机", "承揽"),
    ],
)
def test_a_common_question_does_not_ask_for_another_law(question, law):
    assert law not in meant(question, by_longest_part(LAY_WORDS))


@pytest.mark.parametrize(
    ("question", "law"),
    [
        ("面馆换了新老板，我打工五年的工龄还算吗", "变更名称"),
        ("做钟点工，工资压着不结算", "非全日制"),
        ("劳动仲裁要去哪里申请", "履行地"),
        ("仲裁委一个半月没消息，要多久出结果", "四十五"),
        ("换工作去了外省，养老保险怎么办", "统筹"),
        ("被车撞了，医保不给报销", "第三人"),
        ("我父母出钱付的首付，现在要离婚", "出资"),
        ("民政局离婚登记后他反悔了", "撤回"),
        ("合伙开店，债主只找我一个人要货款", "连带"),
        ("快递把花瓶弄碎了，没有保价", "毁损"),
        ("取保候审已经一年多，还没消息", "十二个月"),
        ("公诉案件上诉会不会判得更重", "不得加重"),
        ("扣满12分还能开车吗", "记分"),
        ("夜里断水断电把房子推平了", "夜间"),
        ("买了车险，跑网约车出了事", "危险程度"),
        ("公司破产了，欠我的货款怎么申报", "申报"),
        ("患痴呆的爷爷把房子卖了", "不能辨认"),
        ("莫名其妙成了法人，是身份证被盗用", "虚假"),
        ("N＋1是多少", "补偿"),
        ("派出所给我儿子做笔录没通知我", "不满十八周岁"),
        ("当初是假离婚，能算无效吗", "意思表示虚假"),
        ("提前还款要违约金吗", "提前返还"),
        ("收到传票怎么办", "答辩状"),
        ("公积金怎么提取", "存储余额"),
        ("公婆把孩子抢走了", "藏匿"),
        ("刑事拘留最长几天", "批准逮捕"),
        ("治安拘留有案底吗", "封存"),
        ("取保候审后还会坐牢吗", "社会危险性"),
    ],
)
def test_what_people_say_leads_to_the_words_of_the_law(question, law):
    assert law in " ".join(_lines_meant(question))


def _lines_meant(question):
    """Return the lines of the law that a question means, as the list has them."""
    return [
        law
        for parts, laws in LAY_WORDS.items()
        if all(part in plain(question) for part in parts)
        for law in laws
    ]
