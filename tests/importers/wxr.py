"""Small WordPress exports, written by hand for the tests of the importer."""

from html import escape
from io import BytesIO

from app.importers.wordpress.reader import ExportReader
from app.importers.wordpress.records import Comment, Entry, Record

DATE = "2012-03-04 05:06:07"


def tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def comment(old_id: int, text: str = "Thank you.", **fields: str) -> str:
    """One comment; `fields` replace or add `comment_*` elements (`parent="3"`)."""
    filled = {
        "id": str(old_id),
        "author": "Mona",
        "author_email": "mona@example.org",
        "author_url": "",
        "author_IP": "192.0.2.7",
        "date": DATE,
        "date_gmt": DATE,
        "content": text,
        "approved": "1",
        "type": "",
        "parent": "0",
        "user_id": "0",
    } | fields
    inner = "".join(tag(f"wp:comment_{name}", value) for name, value in filled.items())
    return f"<wp:comment>{inner}</wp:comment>\n"


def item(old_id: int, body: str = "<p>Text</p>", *, inside: str = "", **fields: str) -> str:
    """One entry; `fields` replace or add `wp:*` elements, `inside` goes at its end."""
    filled = {
        "post_id": str(old_id),
        "post_date": DATE,
        "post_date_gmt": DATE,
        "comment_status": "open",
        "post_name": f"entry-{old_id}",
        "status": "publish",
        "post_type": "post",
        "post_password": "",
    } | {name: value for name, value in fields.items() if name not in ("title", "link", "creator")}
    title = fields.get("title", f"Entry {old_id}")
    link = fields.get("link", f"https://old.example/2012/03/entry-{old_id}/")
    head = tag("title", title) + tag("link", link)
    head += tag("dc:creator", fields.get("creator", "anna")) + tag("content:encoded", body)
    inner = "".join(tag(f"wp:{name}", value) for name, value in filled.items())
    return f"<item>\n{head}{inner}{inside}</item>\n"


def author(login: str = "anna", email: str = "anna@example.org", old_id: int = 7) -> str:
    inner = tag("wp:author_id", str(old_id)) + tag("wp:author_login", login)
    inner += tag("wp:author_email", email) + tag("wp:author_display_name", login.title())
    return f"<wp:author>{inner}</wp:author>\n"


def export(*parts: str, version: str = "1.2", closing: bool = True) -> bytes:
    """The whole file around these parts of a channel."""
    space = f"http://wordpress.org/export/{version}/"
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:excerpt="{space}excerpt/" xmlns:wp="{space}"\n'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>Old blog</title><link>https://old.example</link>\n"
        f"<wp:wxr_version>{version}</wp:wxr_version>\n"
        "<wp:base_site_url>https://old.example</wp:base_site_url>\n"
        "<wp:base_blog_url>https://old.example</wp:base_blog_url>\n"
    )
    return (head + "".join(parts) + "</channel></rss>\n" * closing).encode()


def read(file: bytes) -> list[Record]:
    return list(ExportReader(BytesIO(file)))


def entries(file: bytes) -> list[Entry]:
    return [record for record in read(file) if isinstance(record, Entry)]


def comments(file: bytes) -> list[Comment]:
    return [record for record in read(file) if isinstance(record, Comment)]
