"""A dump → rows, whoever wrote it, in pieces of any size."""

import io

import pytest

from articles.importing import parse_dump
from articles.importing.parse_dump import DumpError, read_dump

MYSQLDUMP = rb"""-- MariaDB dump 10.19  Distrib 10.11.6
/*!40101 SET NAMES utf8mb4 */;
/*M!999999\- enable the sandbox mode */
DROP TABLE IF EXISTS `zbp_post`;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `zbp_post` (
  `log_ID` int(11) NOT NULL AUTO_INCREMENT,
  `log_Title` varchar(250) NOT NULL DEFAULT '',
  `log_Content` longtext NOT NULL COMMENT 'a, b (c); PRIMARY',
  PRIMARY KEY (`log_ID`),
  KEY `zbp_log_TPISC` (`log_ID`,`log_Title`)
) ENGINE=MyISAM AUTO_INCREMENT=3 DEFAULT CHARSET=utf8;

LOCK TABLES `zbp_post` WRITE;
/*!40000 ALTER TABLE `zbp_post` DISABLE KEYS */;
INSERT INTO `zbp_post` VALUES (1,'It\'s; (a) ''b''','x\\n\n\r\t\0\Z\%\"'),(2,'--','/* # */');
/*!40000 ALTER TABLE `zbp_post` ENABLE KEYS */;
UNLOCK TABLES;
INSERT INTO `other` VALUES (1,');');
"""
EXPECTED = [
    [b"1", b"It's; (a) 'b'", b'x\\n\n\r\t\0\x1a\\%"'],
    [b"2", b"--", b"/* # */"],
]


def rows(source: bytes, wanted=("post",)):
    return list(read_dump(io.BytesIO(source), set(wanted)))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1 << 20])
def test_rows_are_read_whatever_the_pieces(monkeypatch, chunk):
    monkeypatch.setattr(parse_dump, "CHUNK", chunk)

    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(chunk)

    found = list(read_dump(Slow(MYSQLDUMP), {"post"}))
    assert [values for _, values in found] == EXPECTED
    assert found[0][0].columns == ("log_ID", "log_Title", "log_Content")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            b"INSERT INTO `p_post` (`a`, `b`) VALUES\n(1, 'x'),\n(2, NULL);",
            [[b"1", b"x"], [b"2", None]],
        ),
        (
            b"REPLACE INTO db.p_post VALUES (-1.5e3, _binary 'a', 0x6162, X'63', b'1')",
            [[b"-1.5e3", b"a", b"ab", b"c", b"1"]],
        ),
        (
            b'insert ignore into p_post values (true,"a\'b") on duplicate key update a=1;',
            [[b"1", b"a'b"]],
        ),
        (b"BEGIN TRANSACTION;\nINSERT INTO p_post VALUES('a\\n''b');", [[b"a\\n'b"]]),
        (
            b"PRAGMA x=OFF;\nINSERT INTO \"p_post\" VALUES(1,replace('a\\nb','\\n',char(10)));",
            [[b"1", b"a\nb"]],
        ),
        (
            b"DELIMITER ;;\nCREATE TRIGGER x BEGIN INSERT p_post VALUES (9); END ;;\nDELIMITER ;\n"
            b"INSERT INTO p_post VALUES (1);",
            [[b"1"]],
        ),
    ],
)
def test_every_dialect_is_read(source, expected):
    values = [values for _, values in rows(source)]
    assert values[-len(expected) :] == expected


@pytest.mark.parametrize(
    "source",
    [
        b"INSERT INTO p_post VALUES (1,'abc",
        b"INSERT INTO p_post VALUES (1,",
        b"INSERT INTO p_post VALUES (1 2);",
        b"INSERT INTO p_post VALUES (sleep(9));",
        b"INSERT INTO p_post VALUES " + b"(" * 500,
        b"** This file contains an SQLite 2.1 database **",
    ],
)
def test_a_broken_dump_is_refused(source):
    with pytest.raises(DumpError):
        rows(source)


def test_what_is_no_dump_has_no_rows():
    assert rows(b"<html>\xff\xfe</html>") == []
