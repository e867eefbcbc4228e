"""What the exporter writes, and that the importer's reader reads the same back."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporters.wordpress import write
from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Author, Comment, Entry, Label, Record, Site, Term
from tests.importers.wxr import author, comment, export, item, read


def written(records: list[Record]) -> bytes:
    out = StringIO()
    write(out, records)
    return out.getvalue().encode()


def read_back(records: list[Record]) -> list[Record]:
    return list(ExportReader(BytesIO(written(records))))


# XML has no place for these; every body and title has been through a door that refuses them.
PROSE = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cs"],
        exclude_characters="\ufffe\uffff",
        min_codepoint=32,
    )
    | st.sampled_from("\t\n\r<>&]'\"")
)
LINE = PROSE.map(str.strip)
ID = st.integers(0, 10**18 - 1)
MOMENT = st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
KIND = st.sampled_from(["tag", "category"])
KEY = st.sampled_from(["source", "kind", "at"])
OWN = st.lists(st.tuples(KEY, PROSE), max_size=3).map(tuple)
LABELS = st.lists(st.builds(Label, KIND, LINE, LINE), max_size=3, unique=True).map(tuple)
SITE = st.builds(Site, PROSE, LINE, LINE, st.just("1.2"))
AUTHOR = st.builds(Author, LINE, LINE, LINE.filter(bool), ID)
TERM = st.builds(Term, KIND, LINE, LINE, LINE, LINE)
ENTRY = st.builds(
    Entry,
    old_id=ID,
    kind=LINE,
    status=LINE,
    title=PROSE,
    slug=LINE,
    link=LINE,
    guid=LINE,
    body_html=PROSE,
    excerpt=PROSE,
    author_login=LINE,
    published_at=MOMENT,
    comments_open=st.booleans(),
    is_password_protected=st.just(False),
    terms=LABELS,
    own=OWN,
)
COMMENT = st.builds(
    Comment,
    entry_old_id=ID,
    old_id=ID,
    parent_old_id=ID,
    author_name=LINE,
    author_email=LINE,
    author_url=LINE,
    author_ip=LINE,
    at=MOMENT,
    body_html=PROSE,
    approved=LINE,
    kind=LINE.filter(bool),
    user_id=ID,
    own=OWN,
)


@st.composite
def whole_exports(draw: st.DrawFn) -> list[Record]:
    records: list[Record] = [draw(SITE), *draw(st.lists(AUTHOR | TERM, max_size=3))]
    for entry in draw(st.lists(ENTRY, max_size=3)):
        thread = draw(st.lists(COMMENT, max_size=3))
        records += [entry, *(replace(remark, entry_old_id=entry.old_id) for remark in thread)]
    return records


@given(whole_exports())
def test_whatever_is_written_is_read_back_equal(records: list[Record]) -> None:
    assert read_back(records) == records


def test_a_foreign_export_written_again_gives_the_same_records() -> None:
    thread = comment(3, "<b>one</b> ]]> two") + comment(4, parent="3")
    records = read(export(author(), item(1, inside=thread), item(2)))
    assert read_back(records) == records


def test_i12_what_xml_cannot_hold_is_left_out_of_the_file() -> None:
    records = read(export(item(1)))
    entry = next(record for record in records if isinstance(record, Entry))
    spoiled = replace(entry, title="a\x0bb\ud800c\uffffd")
    (_, back) = read_back([records[0], spoiled])
    assert isinstance(back, Entry)
    assert back.title == "abcd"


def test_a_protected_entry_is_not_written_without_its_password() -> None:
    records = read(export(item(1, post_password="enter")))
    with pytest.raises(ValueError, match="password"):
        written(records)


def test_r19_a_chain_of_ten_thousand_replies_is_read_back_whole() -> None:
    chain = "".join(comment(number, parent=str(number - 1)) for number in range(1, 10_001))
    records = read(export(item(1, inside=chain)))
    assert read_back(records) == records
