"""Texts made to be slow to read: each pattern, repeated, was found to strain one rule."""

HOSTILE = {
    "titles that do not end": "《民法典",
    "articles of nothing": "第一条",
    "articles of one law": "《民法典》第一条、",
    "a list without end": "、第二条",
    "suffixes": "第一百三十三条之一",
    "a number without end": "一",
    "numbers without a unit": "第123456789",
    "nothing but laws": "法",
    "nothing but names": "民法典",
    "nothing but 第": "第",
    "spaces": " ",
    "asides that do not end": "《民法典》（以下简称",
    "short names defined": "《民法典》（以下简称《甲》）",
    "chapters upon chapters": "第一章总则编",
    "unit withheld": "第一、",
    "ranges withheld": "第一至",
    "ranges": "第一条至第九万条",
    "ranges that are long": "民法典第1条至第150条",
    "markup": "<a[b](",
    "nested titles": "《a《b》",
    "contracts": "合同约定其中",
    "unknown names": "某某某某条例第一条",
    "kinds of law": "条例第一条",
    "pointers": "本法第一条",
    "pointers without a number": "该法",
    "numbers of documents": "〔2020〕1号",
    "versions": "《公司法》（2018年修正）第十六条",
    "misspelt titles": "《关于审理交通损害赔偿案件适用法律若干问题的解释》第一条",
    "marks that open": "“",
    "quotations that do not end": "民法典第一条规定：“",
    "quotations one after another": "民法典第一条规定：“自然人享有隐私权，任何组织不得侵害。”",
    "texts without a mark": "民法典第一条自然人享有隐私权，任何组织不得侵害。",
    "statements that do not end": "民法典第一条，自然人",
    "items": "民法典第一条：\n（一）自然人享有隐私权；\n",
}


def long_text(pattern: str, length: int) -> str:
    return (pattern * (length // len(pattern) + 1))[:length]
