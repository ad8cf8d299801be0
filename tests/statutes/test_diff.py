"""What became of provisions, and which words changed."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.diff import Change, Relation, align, diff_words
from tests.statutes.sources import law_file, packaged_law

# --- hand-verified pairs -------------------------------------------------------------------
#
# Read side by side in both texts: old number → new number (None: repealed, or added), relation.
# R renumbered (amended or not), A amended, U unchanged, S split, M merged, X repealed, + added.

LAWS = {
    "治安管理处罚法 2012→2025": (
        lambda: law_file("行政法/治安管理处罚法(2012-10-26)"),
        lambda: packaged_law("治安管理处罚法", 2025),
    ),
    "公司法 2018→2023": (
        lambda: law_file("民法商法/公司法(2018-10-26)"),
        lambda: law_file("民法商法/公司法(2023-12-29)"),
    ),
    "民事诉讼法 2021→2023": (
        lambda: law_file("诉讼与非诉讼程序法/民事诉讼法(2021-12-24)"),
        lambda: law_file("诉讼与非诉讼程序法/民事诉讼法(2023-09-01)"),
    ),
    "立法法 2015→2023": (
        lambda: law_file("宪法相关法/立法法(2015-03-15)"),
        lambda: law_file("宪法相关法/立法法(2023-03-13)"),
    ),
    "仲裁法 2017→2025": (
        lambda: packaged_law("仲裁法", 2017),
        lambda: packaged_law("仲裁法", 2025),
    ),
    "妇女权益保障法 2018→2022": (
        lambda: law_file("社会法/妇女权益保障法(2018-10-26)"),
        lambda: law_file("社会法/妇女权益保障法(2022-10-30)"),
    ),
    "行政复议法 2017→2023": (
        lambda: law_file("诉讼与非诉讼程序法/行政复议法(2017-09-01)"),
        lambda: law_file("诉讼与非诉讼程序法/行政复议法(2023-09-01)"),
    ),
    "慈善法 2016→2023": (
        lambda: law_file("社会法/慈善法(2016-03-16)"),
        lambda: law_file("社会法/慈善法(2023-12-29)"),
    ),
}

VERIFIED = {
    "治安管理处罚法 2012→2025": """
        2 3 R     8 8 A     9 9 A     16 16 A   23 26 R   25 29 R   26 30 R   28 32 R
        30 36 R   38 44 R   40 47 R   42 50 R   43 51 R   45 53 R   48 57 R   49 58 S
        49 59 S   56 67 R   58 88 R   66 78 R   67 79 R   70 82 R   73 85 R   74 87 R
        75 89 R   76 - X    77 90 M   78 90 M   82 96 R   91 109 R  100 119 R 102 121 R
        119 144 R - 60 +    - 70 +    - 142 +
        """,
    "公司法 2018→2023": """
        3 3 A     5 19 R    6 29 S    6 31 S    7 33 S    7 36 S    13 10 R   14 13 S
        14 38 S   15 14 R   16 15 R   20 21 S   20 23 S   21 22 R   22 25 S   22 26 S
        25 46 R   27 48 R   28 49 R   33 57 R   35 53 R   36 58 R   37 59 R   50 75 R
        58 - X    59 - X    62 - X    63 23 M   71 84 R   74 89 R   75 90 R   113 126 R
        122 136 R 135 151 M 138 158 R 141 160 R 142 162 R 146 178 R 149 188 R 151 189 R
        152 190 R 180 229 R 182 231 R 183 232 S 183 233 S 203 - X   204 255 S 204 256 S
        216 265 R - 24 +    - 88 +    - 144 +   - 241 +
        """,
    "民事诉讼法 2021→2023": """
        16 16 U   40 40 A   128 128 U 140 140 A 184 184 A 194 198 R 200 204 R 221 225 R
        257 261 R 270 274 R 272 276 R 273 279 R 274 283 R 280 290 R 289 299 R 291 306 R
        - 194 +   - 277 +   - 280 +   - 305 +
        """,
    "立法法 2015→2023": """
        3 3 A     7 10 R    8 11 R    10 13 R   13 16 R   56 60 R   65 72 R   72 80 S
        72 81 S   74 84 R   82 93 R   92 103 R  99 110 R  103 117 R 104 119 R - 8 +
        - 70 +    - 83 +    - 118 +
        """,
    "仲裁法 2017→2025": """
        4 4 A     6 6 A     7 7 U     9 10 R    10 13 S   10 14 S   13 22 M   16 27 R
        18 29 R   28 39 R   34 46 R   46 58 R   58 71 R   59 72 R   62 75 R   66 - X
        67 22 M   76 92 R   80 96 R   - 8 +     - 11 +    - 61 +    - 81 +
        """,
    "妇女权益保障法 2018→2022": """
        2 2 A     16 37 R   22 41 R   26 47 R   33 56 R   37 19 R   39 22 R   40 23 R
        41 27 R   42 20 S   42 28 S   45 64 R   49 70 R   50 71 R   57 84 R   61 86 R
        - 26 +    - 29 +    - 43 +
        """,
    "行政复议法 2017→2023": """
        1 1 A     2 2 A     6 11 R    7 13 R    9 20 R    17 30 R   20 35 R   23 47 S
        23 48 S   24 46 R   29 72 R   41 89 R   43 90 R
        """,
    "慈善法 2016→2023": """
        1 1 U     20 20 U   23 23 A   26 26 A   30 70 R   58 59 R   60 61 R   72 78 R
        98 109 R  107 113 M 110 122 R 112 125 R - 27 +    - 96 +    - 124 +
        """,
}

RELATIONS = {
    "U": Relation.UNCHANGED,
    "A": Relation.AMENDED,
    "R": Relation.RENUMBERED,
    "S": Relation.SPLIT,
    "M": Relation.MERGED,
    "X": Relation.REPEALED,
    "+": Relation.ADDED,
}

HIGH = 0.7  # a likeness that a reader would believe


def verified(law):
    """Return the rows of a table as (old number, new number, relation)."""
    words = VERIFIED[law].split()
    return [
        (None if old == "-" else int(old), None if new == "-" else int(new), RELATIONS[relation])
        for old, new, relation in zip(words[::3], words[1::3], words[2::3], strict=True)
    ]


def found(law):
    """Return the links that `align` makes, by number."""
    old, new = (read().provisions for read in LAWS[law])
    return {
        (
            None if link.old is None else old[link.old].number,
            None if link.new is None else new[link.new].number,
        ): link
        for link in align(old, new)
    }


def test_finds_what_lawyers_find():
    rows = 0
    wrong = []
    for law in LAWS:
        links = found(law)
        for old, new, relation in verified(law):
            rows += 1
            link = links.get((old, new))
            if link is None or link.relation != relation:
                instead = [
                    (*numbers, other.relation.value, round(other.likeness, 2))
                    for numbers, other in links.items()
                    if old in numbers[:1] or new in numbers[1:]
                ]
                wrong.append((law, old, new, relation.value, instead))
    assert rows >= 60
    assert len(wrong) <= rows * 0.05, wrong
    believed = [row for row in wrong if any(likeness >= HIGH for *_, likeness in row[-1])]
    assert believed == []


@pytest.mark.parametrize(
    ("law", "old", "new"),
    [
        ("治安管理处罚法 2012→2025", 42, 50),
        ("公司法 2018→2023", 16, 15),
        ("民事诉讼法 2021→2023", 274, 283),
        ("立法法 2015→2023", 82, 93),
        ("仲裁法 2017→2025", 58, 71),
    ],
)
def test_follows_the_provisions_that_articles_cite(law, old, new):
    link = found(law)[old, new]
    assert link.relation is Relation.RENUMBERED
    assert HIGH <= link.likeness < 1


def test_the_same_number_can_hold_a_different_rule():
    assert (42, 42) not in found("治安管理处罚法 2012→2025")


def test_works_across_statutes():
    old = packaged_law("海洋环境保护法", 2023)
    new = packaged_law("生态环境法典", 2026)
    links = [link for link in align(old.provisions, new.provisions) if link.likeness >= HIGH]
    assert len(links) >= 50


def test_finds_its_way_in_the_longest_law():
    code = packaged_law("民法典", 2020).provisions
    shifted = [
        replace(p, number=p.number + 3, text=p.text.replace("应当", "必须")) for p in code[5:]
    ]
    links = align(code, shifted)
    right = sum(
        link.old is not None and link.new is not None and link.old == link.new + 5 for link in links
    )
    assert right / len(shifted) > 0.99


# --- the rules, on small texts -------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    number: int
    text: str
    suffix: int = 0


THEFT = "盗窃公私财物，数额较大的，处三年以下有期徒刑、拘役或者管制，并处或者单处罚金。"
FRAUD = "诈骗公私财物，数额较大的，处三年以下有期徒刑、拘役或者管制，并处或者单处罚金。"
NOISE = "制造噪声干扰他人正常生活的，处警告；警告后不改正的，处二百元以上五百元以下罚款。"
DOGS = "饲养动物，放任动物恐吓他人的，处一千元以下罚款，并责令将动物送交收容场所。"
TRIAL = "人民法院审理民事案件，依照法律规定实行合议、回避、公开审判和两审终审制度。"


def relations(old, new):
    return [(link.old, link.new, link.relation.value) for link in align(old, new)]


def test_tells_unchanged_amended_renumbered_added_and_repealed():
    old = [Rule(1, TRIAL), Rule(2, THEFT), Rule(3, NOISE), Rule(4, "本条例由国务院解释。")]
    new = [Rule(1, TRIAL), Rule(2, THEFT.replace("三年", "五年")), Rule(3, DOGS), Rule(4, NOISE)]
    assert relations(old, new) == [
        (0, 0, "unchanged"),
        (1, 1, "amended"),
        (None, 2, "added"),
        (2, 3, "renumbered"),
        (3, None, "repealed"),
    ]


def test_tells_a_split():
    old = [Rule(1, TRIAL), Rule(2, f"{NOISE}\n{DOGS}")]
    new = [Rule(1, TRIAL), Rule(2, NOISE), Rule(3, DOGS)]
    assert relations(old, new)[1:] == [(1, 1, "split"), (1, 2, "split")]


def test_tells_a_merger():
    old = [Rule(1, TRIAL), Rule(2, NOISE), Rule(3, DOGS)]
    new = [Rule(1, TRIAL), Rule(2, f"{NOISE}\n{DOGS}")]
    assert sorted(relations(old, new)[1:]) == [(1, 1, "merged"), (2, 1, "merged")]


def test_boilerplate_does_not_make_rules_alike():
    links = align([Rule(1, THEFT), Rule(2, FRAUD)], [Rule(1, FRAUD), Rule(2, THEFT)])
    assert {(link.old, link.new) for link in links} == {(0, 1), (1, 0)}


def test_a_suffix_is_part_of_the_number():
    links = align([Rule(133, THEFT)], [Rule(133, NOISE), Rule(133, THEFT, suffix=1)])
    assert [(link.old, link.new, link.relation.value) for link in links] == [
        (None, 0, "added"),
        (0, 1, "renumbered"),
    ]


def test_quotation_marks_and_half_width_signs_are_no_amendment():
    links = align([Rule(1, "下列“用语”:\n（一）甲；")], [Rule(1, '下列"用语"：\n(一)甲；')])
    assert [link.relation for link in links] == [Relation.UNCHANGED]


@pytest.mark.parametrize(
    ("old", "new"),
    [([], []), ([Rule(1, "")], [Rule(1, "")]), ([Rule(1, THEFT)], []), ([], [Rule(1, THEFT)])],
)
def test_takes_empty_texts(old, new):
    assert len(align(old, new)) == max(len(old), len(new))


rules = st.lists(
    st.lists(st.sampled_from([THEFT, FRAUD, NOISE, DOGS, TRIAL, "略。"]), max_size=3), max_size=6
).map(lambda texts: [Rule(i, "\n".join(lines)) for i, lines in enumerate(texts, start=1)])


@given(rules, rules)
def test_leaves_no_provision_out(old, new):
    links = align(old, new)
    assert {link.old for link in links} - {None} == set(range(len(old)))
    assert {link.new for link in links} - {None} == set(range(len(new)))
    assert all(0 <= link.likeness <= 1 for link in links)


# --- words ---------------------------------------------------------------------------------

MARKS = {Change.EQUAL: "{}", Change.DELETE: "[-{}-]", Change.INSERT: "[+{}+]"}


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("当事人可以申请", "当事人应当申请", "当事人[-可以-][+应当+]申请"),
        ("处五百元以下罚款", "处一千元以下罚款", "处[-五百元以下-][+一千元以下+]罚款"),
        ("依照第十六条", "依照第十五条", "依照[-第十六条-][+第十五条+]"),
        ("自2006年3月1日起", "自2026年1月1日起", "自[-2006年3月1日-][+2026年1月1日+]起"),
        ("由股东会、股东大会决议", "由股东会决议", "由股东会[-、股东大会-]决议"),
        ("处警告", "处警告。", "处警告[+。+]"),
        ("不变", "不变", "不变"),
        ("", "新增", "[+新增+]"),
        ("删去", "", "[-删去-]"),
        ("", "", ""),
    ],
)
def test_marks_whole_words(old, new, marked):
    ops = diff_words(old, new)
    assert "".join(MARKS[op.change].format(op.text) for op in ops) == marked


@given(
    st.text("应当可以处五百元以下罚款，。第十六条12\n", max_size=40),
    st.text("应当可以处一千元以下罚款，。第十五条12\n", max_size=40),
)
def test_both_texts_can_be_read_back(old, new):
    ops = diff_words(old, new)
    assert "".join(op.text for op in ops if op.change is not Change.INSERT) == old
    assert "".join(op.text for op in ops if op.change is not Change.DELETE) == new
    assert all(op.text for op in ops)


def test_the_width_of_a_mark_is_no_change():
    ops = diff_words("处五百元罚款:", "处五百元罚款：")
    assert [(op.change, op.text) for op in ops] == [(Change.EQUAL, "处五百元罚款：")]
