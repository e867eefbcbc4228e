"""Uploaded pictures, drawn anew: nothing of the sent file but its pixels is kept. Pillow's home.

The type is what the content says, whatever the name or the browser claimed. What is written is
encoded by us, so that a file which is two things at once ends as one, and places, names and
cameras in the metadata end nowhere.
"""

from __future__ import annotations

import io
import secrets
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from app.domains.articles.errors import UnfitPicture
from app.domains.articles.picture_files import Picture
from app.infra.language import sentence

READABLE = ("JPEG", "PNG", "WEBP", "GIF")
WIDEST = 1600
"""Pixels; twice the measure of an article's text, for screens of double density."""
TALLEST = 4800
"""Pixels, so that no ribbon of a picture makes a page without end."""
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000, "GIF": 25_000_000}
"""What a large camera or screen makes. A JPEG is decoded at a fraction of its size, the others
whole: 100 MB for a moment."""

Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())  # Pillow's own guard, frames of a GIF included

_NOT_A_PICTURE = sentence("This is not a JPEG, PNG, WebP or GIF picture that can be read.")
_TOO_LARGE = sentence("The picture has too many pixels. Make it smaller and send it again.")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What to do with a picture, by its EXIF orientation."""
_LYING = (5, 6, 7, 8)
"""The orientations in which height and width change places."""
_SAVED_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("jpg", "JPEG", {"quality": 85, "optimize": True, "progressive": True}),
    "PNG": ("png", "PNG", {"optimize": True}),
    "WEBP": ("webp", "WEBP", {"quality": 85, "method": 4}),
    "GIF": ("png", "PNG", {"optimize": True}),
}
"""Suffix, encoder and its settings by what came in. Of a GIF the first frame is kept, as a PNG."""


def redraw(data: bytes) -> Picture:
    """Decode, shrink to `WIDEST`, turn upright and encode anew. Takes up to a few seconds.

    Raises UnfitPicture for what is not one of `READABLE`, is broken, or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as opened:
            kind = str(opened.format)
            if opened.width * opened.height > MOST_PIXELS[kind]:
                raise UnfitPicture(_TOO_LARGE)
            image = _small_and_upright(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UnfitPicture(_TOO_LARGE) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as broken:
        raise UnfitPicture(_NOT_A_PICTURE) from broken
    suffix, encoder, options = _SAVED_AS[kind]
    body = io.BytesIO()
    _pixels_only(image, kind).save(body, encoder, **options)
    return Picture(body.getvalue(), f"{_random_stem()}.{suffix}", image.width, image.height)


def _small_and_upright(opened: Image.Image) -> Image.Image:
    """The first frame, in grey, RGB or RGBA."""
    orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
    box = (TALLEST, WIDEST) if orientation in _LYING else (WIDEST, TALLEST)
    opened.draft("RGB", (WIDEST, WIDEST))  # a JPEG is decoded near the size that it will have
    image = _in_plain_colours(opened)
    image.thumbnail(box, Image.Resampling.LANCZOS)
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def _in_plain_colours(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "RGBA", "L"):
        image.load()
        return image
    if image.mode.startswith("I"):  # 16 bits of grey; plain conversion would clip it to white
        return image.convert("I").point(lambda grey: grey / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _pixels_only(image: Image.Image, kind: str) -> Image.Image:
    """A new image with the same pixels and nothing else: no EXIF, profile, comment or text."""
    upright = image.convert("RGB") if kind == "JPEG" and image.mode == "RGBA" else image
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    return bare


def _random_stem() -> str:
    """24 letters and digits, 124 bits: a draft's pictures cannot be guessed."""
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(24))
