"""Uploaded pictures, drawn anew."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.domains.articles import picture_files, pictures
from app.domains.articles.errors import UnfitPicture

SECRET = b"52.5200N 13.4050E, at home"


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def opened(picture: picture_files.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.body))


def red(width: int = 40, height: int = 30) -> Image.Image:
    return Image.new("RGB", (width, height), (200, 30, 30))


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET.decode()  # ImageDescription
    found.get_ifd(0x8825)[1] = "N"  # GPS
    return found


@pytest.mark.parametrize(
    ("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_each_kind_of_picture_is_kept_under_a_random_name_of_its_type(
    kind: str, suffix: str
) -> None:
    picture = pictures.redraw(encoded(red(), kind))
    assert picture_files.NAME.fullmatch(picture.name)
    assert picture.name.endswith(suffix)
    assert (picture.width, picture.height) == opened(picture).size == (40, 30)


def test_two_uploads_of_one_picture_have_two_names() -> None:
    data = encoded(red(), "PNG")
    assert pictures.redraw(data).name != pictures.redraw(data).name


def test_a_wide_picture_is_shrunk_to_1600_pixels_and_a_small_one_is_not_enlarged() -> None:
    wide = pictures.redraw(encoded(red(3200, 1000), "JPEG"))
    assert (wide.width, wide.height) == (1600, 500)
    assert pictures.redraw(encoded(red(8, 8), "PNG")).width == 8


def test_a_picture_that_lies_on_its_side_is_put_upright() -> None:
    image = red(60, 20)
    image.paste((20, 20, 200), (0, 0, 30, 20))  # blue on the left
    upright = pictures.redraw(encoded(image, "PNG", exif=exif(orientation=6)))
    assert (upright.width, upright.height) == (20, 60)
    shown = opened(upright).convert("RGB")
    assert shown.getpixel((10, 5)) == (20, 20, 200)  # turned clockwise, left is above
    assert opened(upright).getexif().get(0x0112) is None


def test_a_lying_photograph_is_shrunk_by_the_width_it_is_shown_at() -> None:
    upright = pictures.redraw(encoded(red(4000, 3000), "JPEG", exif=exif(orientation=8)))
    assert (upright.width, upright.height) == (1600, 2133)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_survives(kind: str) -> None:
    options: dict[str, Any] = {"exif": exif(), "icc_profile": b"profile" + SECRET}
    if kind == "JPEG":
        options["comment"] = SECRET
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Location", SECRET.decode())
    data = encoded(red(), kind, **options)
    assert SECRET in data
    picture = pictures.redraw(data)
    assert SECRET not in picture.body
    assert not opened(picture).getexif()
    assert opened(picture).info.keys() <= {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
        *("loop", "background", "timestamp", "duration"),
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_what_was_hung_behind_a_picture_is_gone(kind: str) -> None:
    picture = pictures.redraw(encoded(red(), kind) + b"<script>alert(1)</script>PK\x03\x04")
    assert b"<script>" not in picture.body
    assert b"PK\x03\x04" not in picture.body


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    blue = Image.new("RGB", (40, 30), (20, 20, 200))
    data = encoded(red(), "GIF", save_all=True, append_images=[blue])
    kept = opened(pictures.redraw(data))
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((5, 5)) == (200, 30, 30)


def test_what_can_be_seen_through_stays_so() -> None:
    glass = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert opened(pictures.redraw(encoded(glass, "PNG"))).mode == "RGBA"
    pane = glass.convert("P")
    pane.info["transparency"] = 0
    assert opened(pictures.redraw(encoded(pane, "GIF", transparency=0))).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_pictures_in_every_colour_mode_are_drawn(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = pictures.redraw(encoded(Image.new(mode, (12, 12)), kind))
    assert opened(picture).mode in ("L", "RGB", "RGBA")


def test_a_grey_picture_of_sixteen_bits_keeps_its_greys() -> None:
    middle = Image.new("I;16", (12, 12), 0x8000)
    grey = opened(pictures.redraw(encoded(middle, "PNG"))).convert("L").getpixel((3, 3))
    assert grey in range(126, 131)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
        b"%PDF-1.7 %%EOF",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
def test_a_file_that_only_says_it_is_a_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnfitPicture):
        pictures.redraw(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM"])
def test_picture_formats_that_no_page_needs_are_refused(kind: str) -> None:
    with pytest.raises(UnfitPicture):
        pictures.redraw(encoded(red(32, 32), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_off_picture_is_refused(kind: str) -> None:
    image = Image.effect_noise((64, 64), 90).convert("RGB")
    data = encoded(image, kind)
    with pytest.raises(UnfitPicture):
        pictures.redraw(data[: len(data) // 2])


@pytest.mark.parametrize("side", [5_001, 10_000, 60_000])
def test_a_bomb_of_a_picture_is_refused_before_it_is_unpacked(side: int) -> None:
    header = bytearray(encoded(Image.new("1", (8, 8)), "PNG"))
    body = bytes(side.to_bytes(4, "big") * 2) + header[24:29]
    chunk = b"IHDR" + body
    header[12:33] = chunk + _crc(chunk)
    with pytest.raises(UnfitPicture) as refused:
        pictures.redraw(bytes(header))
    assert "too many pixels" in refused.value.public


def _crc(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")


@given(
    st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.integers(0, 300)
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_picture_is_drawn_or_refused_and_never_breaks_anything(
    noise: bytes, kind: str, at: int
) -> None:
    data = bytearray(encoded(red(), kind))
    data[at : at + len(noise)] = noise
    try:
        picture = pictures.redraw(bytes(data))
    except UnfitPicture:
        return
    assert picture.width <= pictures.WIDEST


def test_a_picture_is_written_whole_and_leaves_no_half_file(tmp_path: Path) -> None:
    picture = pictures.redraw(encoded(red(), "PNG"))
    picture_files.write(picture, tmp_path / "media")
    assert [path.name for path in (tmp_path / "media").iterdir()] == [picture.name]
    assert (tmp_path / "media" / picture.name).read_bytes() == picture.body


@pytest.mark.parametrize(
    "name",
    ["../threshold.db", "a.jpg", "x" * 24 + ".svg", "x" * 24 + ".html", "x" * 24 + ".png\n", ""],
)
def test_i09_a_name_that_no_picture_has_has_no_type(name: str) -> None:
    assert picture_files.mime_type(name) is None
