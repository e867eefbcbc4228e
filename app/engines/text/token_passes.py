"""What is changed between parsing and drawing: headings, pictures, deletions, videos."""

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from app.engines.said import says
from app.engines.text import addresses, videos

_COMMENT_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h5": "h4", "h6": "h4"}
_ARTICLE_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}


def finish_comment(state: StateCore) -> None:
    """A comment's headings go below the page's own, and its pictures become links."""
    for token in state.tokens:
        token.tag = _COMMENT_HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = _images_as_links(token.children, keep_own=False)
            _mark_deletions(token.children)


def finish_article(state: StateCore) -> None:
    """An article keeps its own pictures, measured; a video alone on its line becomes a card."""
    sizes = state.env.get("image_sizes", {})
    seen = 0
    for token in state.tokens:
        token.tag = _ARTICLE_HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = _images_as_links(token.children, keep_own=True)
            _mark_deletions(token.children)
            for image in (child for child in token.children if child.type == "image"):
                _measure(image, sizes, lazy=seen > 0)
                seen += 1
    state.tokens = _videos_alone_on_their_line(state)


def _mark_deletions(children: list[Token]) -> None:
    """~~struck~~ is a deletion here; the library's ``s`` means "no longer relevant"."""
    for child in children:
        if child.type in {"s_open", "s_close"}:
            child.tag = "del"


def _measure(image: Token, sizes: dict[str, tuple[int, int]], *, lazy: bool) -> None:
    """Sizes keep the page from jumping; all but the first picture wait until they are near."""
    if size := sizes.get(str(image.attrs["src"])):
        image.attrs["width"], image.attrs["height"] = size
    if lazy:
        image.attrs["loading"] = "lazy"


def _images_as_links(children: list[Token], *, keep_own: bool) -> list[Token]:
    """A picture from elsewhere would make every reader's browser ask that host: link to it.

    Inside a link the picture's description is enough; links do not nest.
    """
    drawn: list[Token] = []
    inside_link = 0
    for child in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        source = str(child.attrs.get("src", ""))
        if child.type != "image" or (keep_own and addresses.is_own_image(source)):
            drawn.append(child)
            continue
        label = Token("text", "", 0, content=_description(child) or source)
        if inside_link:
            drawn.append(label)
        else:
            opening = Token("link_open", "a", 1, attrs={"href": source})
            drawn += [opening, label, Token("link_close", "a", -1)]
    return drawn


def _description(image: Token) -> str:
    return "".join(part.content for part in image.children or [] if part.content).strip()


def _videos_alone_on_their_line(state: StateCore) -> list[Token]:
    tokens = state.tokens
    drawn: list[Token] = []
    for position, token in enumerate(tokens):
        drawn.append(token)
        paragraph = tokens[max(position - 2, 0) : position + 1]
        if [part.type for part in paragraph] != ["paragraph_open", "inline", "paragraph_close"]:
            continue
        if not token.hidden and (card := _video_card(state, paragraph[1])):
            drawn[-3:] = [card]
    return drawn


def _video_card(state: StateCore, inline: Token) -> Token | None:
    """The card for a paragraph that is one link to a video, title from the link's own text."""
    children = [child for child in inline.children or [] if child.content or child.nesting]
    links = [child for child in children if child.type == "link_open"]
    if len(links) != 1 or children[0] is not links[0] or children[-1].type != "link_close":
        return None
    video = videos.find_video(str(links[0].attrs["href"]))
    if video is None:
        return None
    say = state.env.get("say", str)
    words = "".join(child.content for child in children).strip()
    if not words or links[0].info == "auto":
        words = say(says("Video on %(host)s", host=video.host))
    link = Token("link_open", "a", 1, attrs={"href": video.watch, "data-video": video.player})
    line = [link, Token("text", "", 0, content=words), Token("link_close", "a", -1)]
    html = state.md.renderer.render(line, state.md.options, state.env)
    note = say(says("On %(host)s. Nothing loads from there before you click.", host=video.host))
    content = f'<figure class="video">{html}<figcaption>{note}</figcaption></figure>\n'
    return Token("html_block", "", 0, content=content)
