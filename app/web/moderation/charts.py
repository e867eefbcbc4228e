"""The numbers as pictures: SVG files of their own, for `<img>`, so that pages need no inline style.

pygal draws; its script and its style sheet are taken out and a short one put in that knows light
and dark. Nothing is told by colour alone: areas have patterns, lines have dashes and marks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from app.infra import language
from app.infra.language import _

HEIGHT, ROW_HEIGHT, LEGEND_HEIGHT = 320, 44, 24
SERIES = 5


@dataclass(frozen=True, slots=True)
class Paper:
    """What is drawn on: widths in pixels, where a wide one stands in a row of its own, how many
    days or weeks are named below it and how many signs of a name beside a bar. `is_tall`: what its
    marks mean stands in lines of its own."""

    wide: int
    narrow: int
    labels: int
    longest: int
    is_tall: bool = False


SCREEN = Paper(wide=960, narrow=560, labels=8, longest=34)
PHONE = Paper(wide=344, narrow=344, labels=4, longest=19, is_tall=True)

_STYLE = """
svg{--ink:#333a4d;--line:#c4c8d2;--c0:#2f4fa3;--c1:#9a5b13;--c2:#b0303a;--c3:#6b7080;--c4:#1f7a5a}
@media (prefers-color-scheme:dark){svg{--ink:#dfe1e8;--line:#4a5061;--c0:#9db8ff;--c1:#f0b566;
--c2:#ff9a94;--c3:#a9afbf;--c4:#7fd6b0}}
text{fill:var(--ink);font-family:system-ui,sans-serif;font-size:13px;unicode-bidi:plaintext}
.axis.x text,.centered,.title,.no_data{text-anchor:middle}.axis.y text{text-anchor:end}
.legends text{font-size:14px}.background{fill:none}
.axis .line{stroke:var(--line);fill:none}.axis.x .guide{stroke:none}
.horizontal .axis.x .guide{stroke:var(--line)}.horizontal .axis.y .guide{stroke:none}
.showable,.tooltip,desc{visibility:hidden}.series text{stroke:none}
.text-overlay text{text-anchor:start;transform:translate(7px,0)}
.line-graph .line.nofill{fill:none;stroke-width:2.5}
"""
_PATTERNS = (
    '<path d="M0 0h8v8H0z" class="mark{n}"/>',
    '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" class="ink{n}"/>',
    '<path d="M0 0h8v8H0z" class="mark{n}"/><circle cx="4" cy="4" r="2" class="hole"/>',
    '<path d="M0 4h8" class="ink{n}"/>',
    '<circle cx="4" cy="4" r="1.6" class="mark{n}"/>',
)
_DASHES = ("none", "8 5", "2 4", "12 4 2 4", "5 3")


def stacked(
    labels: Sequence[str], series: Mapping[str, Sequence[int]], paper: Paper = SCREEN
) -> str:
    """Bars of parts, one for each label."""
    return _draw(_pygal().StackedBar(**_options(labels, series, paper)), labels, series)


def grouped(
    labels: Sequence[str], series: Mapping[str, Sequence[int]], paper: Paper = SCREEN
) -> str:
    """Bars side by side for each label."""
    return _draw(_pygal().Bar(**_options(labels, series, paper)), labels, series)


def lines(
    labels: Sequence[str], series: Mapping[str, Sequence[float | None]], paper: Paper = SCREEN
) -> str:
    """A line for each of the series; None leaves a gap."""
    options = _options(labels, series, paper) | {"width": paper.narrow}
    chart = _pygal().Line(**options, dots_size=4, allow_interruptions=True)
    return _draw(chart, labels, series)


def ranked(name: str, values: Sequence[tuple[str, float]], paper: Paper = SCREEN) -> str:
    """One bar for each thing, the first on top, with its number at its end."""
    downwards = list(reversed(values))
    bars = {name: [value for _, value in downwards]}
    options = _options([], bars, paper) | {
        "width": paper.narrow,
        "height": 60 + ROW_HEIGHT * max(len(values), 2),
        "show_legend": False,
        "print_values": True,
        "print_values_position": "top",
        "show_x_labels": False,
        "margin_right": 60,
    }
    labels = [_short(label, paper.longest) for label, _ in downwards]
    return _draw(_pygal().HorizontalBar(**options), labels, bars)


@cache
def _pygal() -> Any:
    """The library, from the first chart on: few processes ever draw one."""
    import pygal  # noqa: PLC0415

    # It hooks into every import of the program for the sake of plugins, in a way that Python has
    # given up; no plugin of it is wanted here.
    sys.meta_path[:] = [
        one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)
    ]
    return pygal


def _short(label: str, longest: int) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def _options(labels: Sequence[str], series: Mapping[str, object], paper: Paper) -> dict[str, Any]:
    rows = len(series) if paper.is_tall else 1
    return {
        "js": [],
        "css": [],
        "style": _pygal().style.Style(background="transparent", plot_background="transparent"),
        "defs": [_pattern(number) for number in range(SERIES)],
        "width": paper.wide,
        "height": HEIGHT + LEGEND_HEIGHT * (rows - 1),
        "no_prefix": True,
        "min_scale": 2,
        "max_scale": 6,
        "include_x_axis": True,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": max(1, len(series) // rows),
        "margin_bottom": 24,
        "truncate_legend": -1,
        "truncate_label": -1,
        "x_labels_major_every": max(1, -(-len(labels) // paper.labels)),
        "show_minor_x_labels": False,
        "show_x_guides": False,
        "formatter": _written,
        "no_data_text": _("Nothing in these days"),
    }


def _written(value: float) -> str:
    return language.grouped(int(value)) if value == int(value) else language.tenths(value)


def _pattern(number: int) -> str:
    marks = _PATTERNS[number].format(n=number)
    size = 'width="8" height="8" patternUnits="userSpaceOnUse"'
    return f'<pattern id="pattern-{number}" {size}>{marks}</pattern>'


def _draw(chart: Any, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    chart.x_labels = labels
    for name, values in series.items():
        chart.add(name, list(values))
    chart.add_xml_filter(_plain)
    return str(chart.render(is_unicode=True, disable_xml_declaration=True))


def _plain(root: Element) -> Element:
    """Our own style in the place of pygal's, and neither its script nor its remarks."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("script", "style") or not isinstance(child.tag, str):
                parent.remove(child)
    style = Element("style")
    style.text = _STYLE + "".join(_colours(number) for number in range(SERIES))
    root.insert(0, style)
    root.attrib.pop("id", None)
    return root


def _colours(number: int) -> str:
    colour, dash = f"var(--c{number})", _DASHES[number]
    return (
        f".mark{number}{{fill:{colour}}}"
        f".ink{number}{{stroke:{colour};stroke-width:2.5;fill:none}}"
        f".color-{number} rect,.color-{number}.reactive{{fill:url(#pattern-{number});"
        f"stroke:{colour};stroke-width:1.5}}"
        f".color-{number} .line{{stroke:{colour};stroke-dasharray:{dash}}}"
        f".color-{number} .dot{{fill:{colour};stroke:{colour}}}"
        ".hole{fill:#fff;fill-opacity:.85}"
    )
