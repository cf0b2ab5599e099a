"""What the page looks like: on a telephone and on a desk, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import Call

from ..programs import needs
from .test_console import ANSWERED, start

if TYPE_CHECKING:
    from aculab_wrappers.sandbox import Sandbox

    from .console import Console, Scheme

pytestmark = [needs("chromium"), needs("chromedriver")]

# Every text with the colour behind it, and their contrast as WCAG 2 computes it.
CONTRASTS = """
const levels = (text) => text.match(/[\\d.]+/g).map(Number);
const luminance = ([red, green, blue]) => [red, green, blue]
  .map((level) => level / 255)
  .map((level) => level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4)
  .reduce((sum, level, index) => sum + level * [0.2126, 0.7152, 0.0722][index], 0);
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = levels(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return levels(getComputedStyle(document.documentElement).backgroundColor);
};
const found = [];
for (const node of document.querySelectorAll("body *")) {
  const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const field = node.matches("input, textarea");
  if (!(own || field) || !node.checkVisibility()) continue;
  const styles = [getComputedStyle(node)];
  if (field) styles.push(getComputedStyle(node, "::placeholder"));
  for (const style of styles) {
    const [one, other] = [levels(style.color), behind(node)].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([ratio, node.outerHTML.slice(0, 120)]);
  }
}
return found;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_width_and_can_be_read(
    console: Console, sandbox: Sandbox, scheme: Scheme
) -> None:
    long = "sip:" + "a" * 120 + "@example.com"
    start(sandbox, [Call(long, token="t" * 300), Call("myConference"), Call("sip:bob@example.com")])
    sandbox.advance(30)
    start(sandbox, [Call("sip:bob@example.com")] * 5)
    console.look(360, scheme)
    console.settings("phones")
    console.type(to=ANSWERED)
    console.start_test()
    assert "Refused" in console.answer()
    console.next_state()
    assert len(console.all("#instance-list > li")) == 8
    assert len(console.all("#request-list > li")) == 3
    console.run("for (const one of document.querySelectorAll('details')) one.open = true")

    for width in (360, 768, 1280, 2560):
        console.look(width, scheme)
        needed, there = console.run("return [document.scrollingElement.scrollWidth, innerWidth]")
        assert needed <= there == width
    # Colours on their way from one to another are no colours to judge.
    console.run("for (const one of document.getAnimations()) one.finish()")
    contrasts = console.run(CONTRASTS)
    assert len(contrasts) > 100
    assert [one for one in contrasts if one[0] < 4.5] == []
    light_page = console.run("return getComputedStyle(document.body).backgroundColor")
    assert (light_page == "rgb(244, 246, 248)") == (scheme == "light")
