"""Two versions side by side."""

from dataclasses import dataclass

from statutes.comparison import Kind, compare, count, pages_of
from statutes.locators import Locator

LONG = "公司设立分公司，应当向登记机关申请登记，领取营业执照。分公司不具有法人资格。"
SPLIT = "公司可以设立子公司，子公司具有法人资格，依法独立承担民事责任。"


@dataclass(frozen=True)
class Provision:
    pk: int
    number: int
    text: str

    @property
    def position(self):
        return self.number

    @property
    def place(self):
        return Locator(self.number)

    @property
    def name(self):
        return self.place.label


def provisions(start, *texts):
    return [Provision(start + n, n, text) for n, text in enumerate(texts, start=1)]


def shown(rows):
    return [(row.kind, row.label) for row in rows]


def test_rows_follow_the_new_text_and_the_removed_stand_where_they_were():
    old = provisions(0, "甲应当登记。", "乙应当备案。", "丙不得转让。")
    new = provisions(10, "丁可以免征。", "甲应当登记。", "丙不得转让财产。")
    assert shown(compare(old, new, {(1, 12), (3, 13)})) == [
        (Kind.ADDED, "新增，第一条"),
        (Kind.MOVED, "第一条，第二条"),
        (Kind.REMOVED, "第二条，删去"),
        (Kind.AMENDED, "第三条，第三条"),
    ]


def test_what_was_removed_before_all_others_comes_first():
    old, new = provisions(0, "甲应当登记。", "乙应当备案。"), provisions(10, "乙应当备案。")
    assert shown(compare(old, new, {(2, 11)}))[0] == (Kind.REMOVED, "第一条，删去")


def test_a_split_provision_stands_beside_the_most_alike_and_names_the_other():
    old = provisions(0, f"{LONG}\n{SPLIT}")
    new = provisions(10, LONG, SPLIT + "公司应当公示。")
    chief, part = compare(old, new, {(1, 11), (1, 12)})
    assert (chief.kind, part.kind) == (Kind.AMENDED, Kind.SPLIT)
    assert chief.old_remark == "条号未变，部分移入第二条"
    assert part.new_remark == "出自第一条"
    assert LONG not in "".join(run.text for line in part.lines for run in line.runs)


def test_a_provision_merged_into_another_is_named_there():
    old, new = provisions(0, LONG, SPLIT), provisions(10, f"{LONG}\n{SPLIT}")
    chief, part = compare(old, new, {(1, 11), (2, 11)})
    assert chief.new_remark == "条号未变，并入第二条"
    assert (part.kind, part.old_remark) == (Kind.MERGED, "并入第一条")


def test_pairs_with_others_are_left_out():
    old, new = provisions(0, "甲应当登记。"), provisions(10, "乙应当备案。")
    assert count(compare(old, new, {(1, 99), (98, 11)})) == {"新增": 1, "删去": 1}


def test_runs_of_the_same_words_are_folded_and_pages_cut_at_changed_rows():
    old = provisions(0, *(f"第{n}号事项应当登记。" for n in range(9)))
    changed = {2, 3, 6}
    new = provisions(
        10,
        *(p.text.replace("登记", "备案") if p.number in changed else p.text for p in old),
    )
    rows = compare(old, new, {(p.pk, p.pk + 10) for p in old})
    pages = pages_of(rows, size=2)
    assert [
        [block.row.new.number if block.row else len(block.folded) for block in page]
        for page in pages
    ] == [
        [1, 2, 3, 2],
        [6, 3],
    ]
    assert pages[0][3].words == "第四条至第五条，2条文字未变"


def test_two_texts_without_provisions_are_one_empty_page():
    assert pages_of(compare([], [], set())) == [[]]
