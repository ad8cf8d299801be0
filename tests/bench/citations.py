"""How long citations and quotations take to find, in prose and in the worst of texts.

Run alone, `python -m tests.bench.citations` prints the curve of every hostile text, with the names
of all laws where they are at hand.
"""

import time

from statutes.citations.find import find_citations
from statutes.citations.names import Names
from statutes.citations.quotations import find_quotations
from tests.statutes.citations.hostile import HOSTILE, long_text
from tests.statutes.citations.library import all_names

NEEDS_DATASET = False
LENGTHS = (125_000, 250_000, 500_000, 1_000_000)

PROSE = (
    "王某在网上购买商品后发现质量问题，商家拒绝退货。《中华人民共和国消费者权益保护法》第二十四条"
    "规定：“经营者提供的商品或者服务不符合质量要求的，消费者可以依照国家规定、当事人约定退货。”"
    "根据该法第五十五条和民法典第五百七十七条，经营者有欺诈行为的，还应当增加赔偿其受到的损失。"
    "具体的金额要看合同第三条怎样约定，建议先与商家协商，协商不成的可以向法院起诉。\n\n"
)


def milliseconds(text: str, names: Names) -> float:
    """Return the processor's time to read a text once."""
    start = time.process_time()
    find_quotations(text, find_citations(text, names))
    return (time.process_time() - start) * 1000


def curve(pattern: str, names: Names) -> list[float]:
    return [milliseconds(long_text(pattern, length), names) for length in LENGTHS]


def rows() -> list[tuple[str, float, str, float]]:
    """Return (what, milliseconds, yardstick, its milliseconds): a million characters each."""
    names = all_names()
    find_citations("《关于审理某某案件的解释》第一条", names)  # what is prepared once
    prose = milliseconds(long_text(PROSE, LENGTHS[-1]), names)
    curves = {what: curve(pattern, names) for what, pattern in HOSTILE.items()}
    slowest = max(curves, key=lambda what: curves[what][-1])
    steepest = max(curves, key=lambda what: curves[what][-1] / curves[what][0])
    return [
        (f"read {slowest}", curves[slowest][-1], "read prose of that length", prose),
        (f"read {steepest}", curves[steepest][-1], "read an eighth", curves[steepest][0]),
    ]


def main() -> None:
    names = all_names()
    find_citations("《关于审理某某案件的解释》第一条", names)
    print(f"{'milliseconds for':32}" + "".join(f"{length:>10,}" for length in LENGTHS))
    for what, pattern in {"prose": PROSE, **HOSTILE}.items():
        times = curve(pattern, names)
        print(f"{what:32}" + "".join(f"{value:10.0f}" for value in times))


if __name__ == "__main__":
    main()
