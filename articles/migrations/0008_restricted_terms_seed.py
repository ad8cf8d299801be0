"""The first list of words that lawyers' publicity may not use; editors keep it from here on."""

from django.db import migrations

GUIDE = "《律师业务推广行为规则（试行）》"

# Rule → words, each with the phrases in which it is innocent.
TERMS = {
    f"{GUIDE}第十条第五项：不得承诺办案结果": {
        "包赢": "",
        "包胜诉": "",
        "必胜": "必胜客",
        "稳赢": "",
        "保证…胜诉": "",
        "承诺…胜诉": "",
        "确保…胜诉": "",
        "保证…无罪": "",
        "保证…取保": "",
        "保证…追回": "",
        "包追回": "",
        "包取保": "",
        "百分之百胜": "",
        "100%胜": "",
        "百分百成功": "",
        "100%成功": "",
        "无效退款": "",
        "不成功不收费": "",
        "打不赢不收费": "",
        "一定能赢": "",
        "肯定能赢": "",
    },
    f"{GUIDE}第十条第六项：不得宣示胜诉率、赔偿额、标的额": {
        "胜诉率": "",
        "成功率": "",
        "胜率": "",
        "最高获赔": "",
        "累计标的额": "",
        "为客户挽回": "",
        "挽回损失…亿": "",
        "挽回损失…万": "",
    },
    f"{GUIDE}第十条第三项：不得明示或者暗示与司法机关等有特殊关系": {
        "法院有人": "",
        "打通关系": "",
        "疏通关系": "",
        "人脉资源": "",
        "司法资源": "",
        "特殊渠道": "",
        "法官朋友": "",
        "前法官": "",
        "原法官": "",
        "前检察官": "",
        "公检法…关系": "",
        "捞人": "打捞人员、打捞人",
    },
    f"{GUIDE}第十条第八项：不得不收费或者减低收费（法律援助除外）": {
        "免费咨询": "",
        "免费法律咨询": "",
        "免费代理": "",
        "免费打官司": "",
        "免费律师": "",
        "零费用": "",
        "律师费…折": "律师费折",
        "低价律师": "",
        "收费最低": "",
        "最低收费": "最低收费标准",
    },
    f"{GUIDE}第十条第四项：不得与其他律师、律师事务所比较": {
        "比其他律师": "",
        "比别的律师": "",
        "比其他律所": "",
        "同行无法": "",
        "业内第一": "",
        "行业第一": "",
        "排名第一": "",
        "首屈一指": "",
        "最好的律师": "",
        "最专业的律师": "",
        "最权威": "",
        "最强律师": "",
    },
    f"{GUIDE}第九条：不得自称或者暗示是某一领域的权威、专家": {
        "知名专家": "",
        "资深专家": "",
        "法律专家": "",
        "专家律师": "",
        "权威律师": "",
        "首席律师": "",
        "金牌律师": "",
        "王牌律师": "",
        "顶级律师": "",
        "顶尖律师": "",
        "大牌律师": "",
        "著名律师": "",
    },
    f"{GUIDE}第八条：荣誉称号须如实写明，不得夸大": {
        "十佳律师": "",
        "十大律师": "",
        "全国优秀律师": "",
        "优秀律师": "",
        "荣获…称号": "",
    },
    f"{GUIDE}第十条第七项：不得明示或者暗示提供回扣或者其他利益": {
        "返佣": "",
        "推荐有奖": "",
        "案源费": "",
    },
    f"{GUIDE}第十条第十二项：不得使用中国、中华、全国等字样": {
        "中国第一律师": "",
        "全国最大律所": "",
        "全国知名": "",
        "国家级律": "",
    },
    "《广告法》第九条第三项：不得使用“国家级”“最高级”“最佳”等用语": {
        "最佳律师": "",
        "最佳律所": "",
        "最高级": "最高级别、最高级人民",
    },
}


def fill(apps, schema_editor):
    term = apps.get_model("articles", "RestrictedTerm")
    term.objects.bulk_create(
        [
            term(words=words, rule=rule, unless=unless)
            for rule, entries in TERMS.items()
            for words, unless in entries.items()
        ],
        ignore_conflicts=True,
    )


def empty(apps, schema_editor):
    words = [words for entries in TERMS.values() for words in entries]
    apps.get_model("articles", "RestrictedTerm").objects.filter(words__in=words).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_drafts_and_restricted_terms")]

    operations = [migrations.RunPython(fill, empty)]
