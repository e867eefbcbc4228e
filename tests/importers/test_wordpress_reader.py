"""What the reader makes of exports that are as they should be, or nearly."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Author, Comment, Entry, Label, Site, Term
from tests.importers.wxr import author, comment, comments, entries, export, item, read, tag

MOMENT = datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_gives_the_same_records(version: str) -> None:
    file = export(author(), item(3, inside=comment(9)), version=version)
    site, writer, entry, remark = read(file)
    assert site == Site("Old blog", "https://old.example", "https://old.example", version)
    assert writer == Author("anna", "anna@example.org", "Anna", 7)
    assert isinstance(entry, Entry)
    assert (entry.old_id, entry.kind, entry.status) == (3, "post", "publish")
    assert entry.published_at == MOMENT
    assert isinstance(remark, Comment)
    assert (remark.entry_old_id, remark.old_id, remark.at) == (3, 9, MOMENT)


def test_the_newer_https_namespace_is_the_same_format() -> None:
    file = export(item(3)).replace(b"http://wordpress.org", b"https://wordpress.org")
    assert [entry.old_id for entry in entries(file)] == [3]


def test_an_export_without_entries_still_tells_its_site() -> None:
    assert [type(record) for record in read(export())] == [Site]


def test_tags_and_categories_are_read_with_their_parents_and_menus_are_not() -> None:
    parts = (
        "<wp:category><wp:category_nicename>hips</wp:category_nicename><wp:category_parent>body"
        "</wp:category_parent><wp:cat_name>Hips</wp:cat_name></wp:category>"
        "<wp:tag><wp:tag_slug>na%C3%AFve</wp:tag_slug><wp:tag_name>Naïve</wp:tag_name></wp:tag>"
        "<wp:term><wp:term_taxonomy>nav_menu</wp:term_taxonomy><wp:term_slug>top</wp:term_slug>"
        "<wp:term_name>Top</wp:term_name></wp:term>"
    )
    assert read(export(parts))[1:] == [
        Term("category", "hips", "Hips", "", "body"),
        Term("tag", "naïve", "Naïve", "", ""),
    ]


def test_the_oldest_version_names_a_category_twice_and_it_counts_once() -> None:
    labels = (
        "<category>Hips</category>"
        '<category domain="category" nicename="hips">Hips</category>'
        "<category>Loose</category>"
        '<category domain="tag" nicename="knees">Knees</category>'
        '<category domain="post_format" nicename="post-format-aside">Aside</category>'
    )
    (entry,) = entries(export(item(1, inside=labels), version="1.0"))
    assert entry.terms == (
        Label("category", "hips", "Hips"),
        Label("tag", "knees", "Knees"),
        Label("category", "", "Loose"),
    )


@pytest.mark.parametrize(
    ("gmt", "local", "expected"),
    [
        ("2012-03-04 05:06:07", "2012-03-04 09:06:07", MOMENT),
        ("0000-00-00 00:00:00", "2012-03-04 05:06:07", MOMENT),
        ("2012-02-30 05:06:07", "2012-03-04 05:06:07", MOMENT),
        ("", "2012-03-04 05:06:07", MOMENT),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00", None),
    ],
)
def test_r22_a_zero_date_falls_back_to_the_next_one(
    gmt: str, local: str, expected: datetime | None
) -> None:
    (entry,) = entries(export(item(1, post_date_gmt=gmt, post_date=local)))
    assert entry.published_at == expected


def test_a_date_with_a_zone_is_read_from_the_feed_field_last() -> None:
    date = tag("pubDate", "Sun, 04 Mar 2012 07:06:07 +0200")
    zero = "0000-00-00 00:00:00"
    (entry,) = entries(export(item(1, post_date=zero, post_date_gmt=zero, inside=date)))
    assert entry.published_at == MOMENT


@pytest.mark.parametrize("old_id", ["", "-4", "1e3", "4.5", "٣", "9" * 5000])
def test_an_id_that_is_no_number_is_none(old_id: str) -> None:
    (entry,) = entries(export(item(1, post_id=old_id)))
    assert entry.old_id == 0


def test_white_space_is_no_password() -> None:
    free, locked = entries(export(item(1, post_password="\n  "), item(2, post_password="enter")))
    assert not free.is_password_protected
    assert locked.is_password_protected


def test_the_words_of_wordpress_for_a_comment_are_kept_as_they_are() -> None:
    file = export(item(1, inside=comment(2, approved="spam", type="pingback", parent="8")))
    (remark,) = comments(file)
    assert (remark.approved, remark.kind, remark.parent_old_id) == ("spam", "pingback", 8)


def test_r22_duplicate_ids_and_orphans_are_read_for_the_importer_to_judge() -> None:
    file = export(item(1, inside=comment(2) + comment(2) + comment(3, parent="99")))
    assert [(found.old_id, found.parent_old_id) for found in comments(file)] == [
        (2, 0),
        (2, 0),
        (3, 99),
    ]


def test_comments_that_stand_before_their_entrys_fields_still_belong_to_it() -> None:
    file = export(item(4)).replace(b"<item>", b"<item>" + comment(2).encode())
    entry, remark = read(file)[1:]
    assert isinstance(entry, Entry)
    assert isinstance(remark, Comment)
    assert remark.entry_old_id == entry.old_id == 4


def test_a_long_thread_flows_before_its_entry_has_ended() -> None:
    file = export(item(1, inside="".join(comment(number) for number in range(1, 2001))))
    reader = ExportReader(BytesIO(file))
    records = iter(reader)
    while not isinstance(next(records), Comment):
        pass
    assert reader.bytes_read < len(file) / 2


def test_a_comment_of_a_megabyte_is_read_whole() -> None:
    (remark,) = comments(export(item(1, inside=comment(2, "x" * 1_000_000))))
    assert len(remark.body_html) == 1_000_000


def test_the_bytes_that_were_read_can_draw_a_progress_bar() -> None:
    file = export(item(1), item(2))
    reader = ExportReader(BytesIO(file))
    list(reader)
    assert reader.bytes_read == len(file)


def test_control_characters_become_spaces_and_their_lines_are_told() -> None:
    file = export(item(1), item(2, "<p>one\x0btwo\x1f</p>"))
    reader = ExportReader(BytesIO(file))
    bodies = [record.body_html for record in reader if isinstance(record, Entry)]
    assert bodies == ["<p>Text</p>", "<p>one two </p>"]
    line = file[: file.index(b"\x0b")].count(b"\n") + 1
    assert (reader.mended, reader.mended_lines) == (2, (line,))
