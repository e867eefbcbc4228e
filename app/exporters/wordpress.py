"""WXR 1.2: the format that WordPress reads, and that Threshold's own importer reads back.

The writer takes the records that the reader yields, in the same order, so that reading what was
written gives equal records. It holds one record at a time.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import TextIO
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from app.importers.wordpress.fields import OWN_PREFIX
from app.importers.wordpress.records import (
    Author,
    Comment,
    Entry,
    Label,
    OwnFields,
    Record,
    Site,
    Term,
)

# What XML 1.0 has no place for; nothing that was let in holds any of it but by an old import.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_DATE = "0000-00-00 00:00:00"

_OPENING = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
_CLOSING = "</channel>\n</rss>\n"


def write(out: TextIO, records: Iterable[Record]) -> None:
    """Write a `Site` and what follows it as one export.

    Dates keep whole seconds, as WordPress does. Characters that XML cannot hold are left out.
    Raises ValueError for a password-protected entry: its password is not known, and without it
    WordPress would show the entry to everyone.
    """
    out.write(_OPENING)
    in_item = False
    for record in records:
        if in_item and not isinstance(record, Comment):
            out.write("</item>\n")
            in_item = False
        if isinstance(record, Site):
            _write_site(out, record)
        elif isinstance(record, Author):
            _write_author(out, record)
        elif isinstance(record, Term):
            _write_term(out, record)
        elif isinstance(record, Entry):
            _write_entry(out, record)
            in_item = True
        else:
            _write_comment(out, record)
    out.write("</item>\n" if in_item else "")
    out.write(_CLOSING)


def _write_site(out: TextIO, site: Site) -> None:
    _element(out, "title", site.title)
    _element(out, "link", site.base_blog_url)
    _element(out, "wp:wxr_version", "1.2")
    _element(out, "wp:base_site_url", site.base_url)
    _element(out, "wp:base_blog_url", site.base_blog_url)


def _write_author(out: TextIO, author: Author) -> None:
    out.write("<wp:author>\n")
    _element(out, "wp:author_id", str(author.old_id))
    _element(out, "wp:author_login", author.login)
    _element(out, "wp:author_email", author.email)
    _element(out, "wp:author_display_name", author.display_name)
    out.write("</wp:author>\n")


def _write_term(out: TextIO, term: Term) -> None:
    out.write("<wp:term>\n")
    _element(out, "wp:term_taxonomy", "post_tag" if term.kind == "tag" else "category")
    _element(out, "wp:term_slug", quote(term.slug))
    _element(out, "wp:term_parent", quote(term.parent))
    _element(out, "wp:term_name", term.name)
    _element(out, "wp:term_description", term.description)
    out.write("</wp:term>\n")


def _write_entry(out: TextIO, entry: Entry) -> None:
    if entry.is_password_protected:
        raise ValueError("a protected entry cannot be written: its password is not known")
    date = _date(entry.published_at)
    out.write("<item>\n")
    _element(out, "title", entry.title)
    _element(out, "link", entry.link)
    if entry.published_at is not None:
        _element(out, "pubDate", format_datetime(entry.published_at))
    _element(out, "dc:creator", entry.author_login)
    out.write(f'<guid isPermaLink="false">{_text(entry.guid)}</guid>\n')
    _element(out, "content:encoded", entry.body_html)
    _element(out, "excerpt:encoded", entry.excerpt)
    _element(out, "wp:post_id", str(entry.old_id))
    _element(out, "wp:post_date", date)
    _element(out, "wp:post_date_gmt", date)
    _element(out, "wp:comment_status", "open" if entry.comments_open else "closed")
    _element(out, "wp:post_name", quote(entry.slug))
    _element(out, "wp:status", entry.status)
    _element(out, "wp:post_type", entry.kind)
    _element(out, "wp:post_password", "")
    for label in entry.terms:
        _write_label(out, label)
    _write_own(out, "wp:postmeta", entry.own)


def _write_label(out: TextIO, label: Label) -> None:
    domain = "post_tag" if label.kind == "tag" else "category"
    nicename = quoteattr(quote(label.slug))
    out.write(f'<category domain="{domain}" nicename={nicename}>{_text(label.name)}</category>\n')


def _write_comment(out: TextIO, comment: Comment) -> None:
    date = _date(comment.at)
    out.write("<wp:comment>\n")
    _element(out, "wp:comment_id", str(comment.old_id))
    _element(out, "wp:comment_author", comment.author_name)
    _element(out, "wp:comment_author_email", comment.author_email)
    _element(out, "wp:comment_author_url", comment.author_url)
    _element(out, "wp:comment_author_IP", comment.author_ip)
    _element(out, "wp:comment_date", date)
    _element(out, "wp:comment_date_gmt", date)
    _element(out, "wp:comment_content", comment.body_html)
    _element(out, "wp:comment_approved", comment.approved)
    _element(out, "wp:comment_type", comment.kind)
    _element(out, "wp:comment_parent", str(comment.parent_old_id))
    _element(out, "wp:comment_user_id", str(comment.user_id))
    _write_own(out, "wp:commentmeta", comment.own)
    out.write("</wp:comment>\n")


def _write_own(out: TextIO, name: str, fields: OwnFields) -> None:
    for key, value in fields:
        out.write(f"<{name}>\n")
        _element(out, "wp:meta_key", OWN_PREFIX + key)
        _element(out, "wp:meta_value", value)
        out.write(f"</{name}>\n")


def _element(out: TextIO, name: str, value: str) -> None:
    out.write(f"<{name}>{_text(value)}</{name}>\n")


def _text(value: str) -> str:
    """The value as XML text. WordPress writes CDATA; a carriage return would not survive in it."""
    value = _NOT_XML.sub("", value)
    if "\r" in value:
        return escape(value, {"\r": "&#13;"})
    if "<" in value or "&" in value:
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return escape(value)


def _date(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else _NO_DATE
