"""What axe finds wrong with a page as it stands.

Nine tenths of its time go into the colours of texts: it works out for each what lies behind it.
Two texts at the same place in the same structure, with the same colours and sizes on the same
grounds, are alike to it, so of all pages of a run each is looked at once a width.
"""

from __future__ import annotations

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe as Script
from playwright.sync_api import Page

TEXTS = """([face, known]) => {
  const number = words => {
    let one = 7, other = 11;
    for (let i = 0; i < words.length; i++) {
      one = Math.imul(one ^ words.charCodeAt(i), 2654435761);
      other = Math.imul(other ^ words.charCodeAt(i), 1597334677);
    }
    return (one >>> 0).toString(36) + (other >>> 0).toString(36);
  };
  const grounds = new Map([[null, ""]]);
  const ground = element => {  // where it is, and what is painted from the page down to it
    if (!grounds.has(element)) {
      const is = getComputedStyle(element);
      grounds.set(element, number([ground(element.parentElement), element.localName,
        ...element.classList, is.backgroundColor, is.backgroundImage, is.opacity, is.filter,
        is.mixBlendMode, is.position].join(" ")));
    }
    return grounds.get(element);
  };
  const hasWords = element => element.matches("input, select, textarea") ||
    [...element.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const seen = new Set(known);
  const found = new Set();
  for (const element of document.querySelectorAll("body, body *")) {
    element.removeAttribute("data-not-looked-at");
    if (!hasWords(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const is = getComputedStyle(element);
    const text = number([face, ground(element), is.color, is.fontSize, is.fontWeight,
      is.textShadow, is.textDecorationLine, element.matches(":disabled")].join(" "));
    if (seen.has(text) || found.has(text)) continue;
    found.add(text);
    element.setAttribute("data-not-looked-at", "");
  }
  return [...found];
}"""
"""Marks the texts that were not looked at yet, and answers with a number for each."""
LOOK = """async options => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-not-looked-at]" }] });
  return (await axe.run(document, { resultTypes: ["violations"], preload: false, ...options }))
    .violations;
}"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class NoViolations:
    """Assert that axe finds nothing wrong: `check(page)`, or only with its colours where those are
    all that differs from what was looked at before: `check(page, only_colours=True)`."""

    def __init__(self) -> None:
        self._script = Script().axe_script
        self._looked_at: set[str] = set()

    def __call__(self, page: Page, *, only_colours: bool = False) -> None:
        face = "colours" if only_colours else str(page.viewport_size)
        texts = page.evaluate(TEXTS, [face, list(self._looked_at)])
        if only_colours and not texts:
            return
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(self._script)
        found = page.evaluate(LOOK, COLOURS if only_colours else {})
        report = AxeResults({"violations": found}).generate_report() if found else ""
        assert not found, f"{page.url}\n{report}"
        self._looked_at.update(texts)
