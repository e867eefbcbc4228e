"""Files that are cut off, damaged, hostile, or something else altogether."""

from io import BytesIO

import pytest

from app.importers.wordpress.errors import BrokenExport, ForbiddenXml, NotAnExport
from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Comment, Entry, Record
from tests.importers.wxr import author, comment, export, item


def read_until_it_breaks(file: bytes) -> tuple[list[Record], BrokenExport]:
    records: list[Record] = []
    with pytest.raises(BrokenExport) as broken:
        records.extend(ExportReader(BytesIO(file)))
    return records, broken.value


def test_r22_a_cut_file_gives_every_whole_comment_before_the_cut() -> None:
    thread = "".join(comment(number) for number in range(1, 4))
    file = export(item(1, inside=comment(7)), item(2, inside=thread))
    cut = file[: file.rindex(b"<wp:comment_content>")]
    records, _ = read_until_it_breaks(cut)
    found = [record.old_id for record in records if isinstance(record, Comment)]
    assert found == [7, 1, 2]


def test_r22_an_entry_that_was_cut_in_its_own_text_is_left_for_the_next_run() -> None:
    file = export(item(1), item(2, "<p>A long text</p>"))
    records, _ = read_until_it_breaks(file[: file.rindex(b"long text")])
    assert [record.old_id for record in records if isinstance(record, Entry)] == [1]


def test_r22_an_entry_that_was_cut_before_its_tags_is_left_for_the_next_run() -> None:
    label = '<category domain="category" nicename="hips">Hips</category>'
    file = export(item(1), item(2, inside=label))
    records, _ = read_until_it_breaks(file[: file.rindex(b"Hips")])
    assert [record.old_id for record in records if isinstance(record, Entry)] == [1]


def test_r22_a_cut_file_names_its_last_line_and_byte() -> None:
    cut = export(author(), item(1), closing=False)
    _, broken = read_until_it_breaks(cut)
    assert broken.byte == len(cut)
    assert broken.line == cut.count(b"\n") + 1
    assert "closing tags" in broken.public
    assert f"line {broken.line}" in broken.public


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (b"<broken", "not well-formed"),
        (b"\xff\xfe", "not valid UTF-8 (byte 0xFF)"),
        (b"\xc3(", "not valid UTF-8"),
        (b"a\x00b", "control character 0x00"),
        (b"&nbsp;", "undefined entity"),
        (b"&#11;", "invalid character number"),
        (b"</title>", "closing tag does not match"),
        (b"]]>", "not well-formed"),
    ],
)
def test_r22_damage_is_told_with_its_line(damage: bytes, words: str) -> None:
    file = export(item(1), item(2, "DAMAGE")).replace(b"DAMAGE", damage)
    records, broken = read_until_it_breaks(file)
    assert [record.old_id for record in records if isinstance(record, Entry)] == [1]
    assert words in broken.public
    assert broken.line == file[: file.rindex(damage)].count(b"\n") + 1


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(BrokenExport, match="the file is empty"):
        list(ExportReader(BytesIO(b"")))


def test_an_unknown_encoding_is_refused_in_words() -> None:
    file = export(item(1)).replace(b'"UTF-8"', b'"klingon-8"')
    with pytest.raises(BrokenExport, match="encoding"):
        list(ExportReader(BytesIO(file)))


@pytest.mark.parametrize(
    "file",
    [
        b"<html><body>Sign in</body></html>",
        b"<rss><channel><title>A feed</title><item><title>x</title></item></channel></rss>",
        export(item(1), version="1.2").replace(b"_version>1.2<", b"_version>7.1<"),
        b"<rss>" + b"<a>" * 200 + b"</a>" * 200 + b"</rss>",
    ],
)
def test_r22_xml_that_is_no_known_export_is_refused(file: bytes) -> None:
    with pytest.raises(NotAnExport):
        list(ExportReader(BytesIO(file)))


BOMB = b"".join(
    b'<!ENTITY b%d "%s">' % (level, b"&b%d;" % (level - 1) * 10) for level in range(1, 12)
)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE rss [<!ENTITY b0 "ha">' + BOMB + b"]>",
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/outside.dtd">',
        b'<!DOCTYPE rss [<!ENTITY b11 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        b"<!DOCTYPE rss>",
    ],
)
def test_i05_bombs_and_outside_references_are_refused_at_once(declaration: bytes) -> None:
    file = export(item(1, "&b11;")).replace(b"<rss", declaration + b"<rss", 1)
    with pytest.raises(ForbiddenXml, match="line 2"):  # where it is declared, before any use of it
        list(ExportReader(BytesIO(file)))
