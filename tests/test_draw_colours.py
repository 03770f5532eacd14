"""Pictures: colours that everybody tells apart, and text that everybody can read."""

import itertools
import math

import pytest

from netwright.draw.theme import DARK, LIGHT, Family, Theme, pairs


def channels(colour: str) -> list[float]:
    """Linear light of a colour."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "deutan": ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    "tritan": ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
}
"""Machado et al., A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009."""


def lab(light: list[float]) -> list[float]:
    """CIE Lab of linear light, by the white of D65."""
    rows = ((0.4125, 0.3576, 0.1804), (0.2127, 0.7152, 0.0722), (0.0193, 0.1192, 0.9503))
    whole = [sum(a * b for a, b in zip(row, light, strict=True)) for row in rows]
    scaled = [v / w for v, w in zip(whole, (0.9505, 1.0, 1.0888), strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in scaled)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def seen(colour: str, vision: str) -> list[float]:
    light = channels(colour)
    rows = (sum(a * b for a, b in zip(row, light, strict=True)) for row in VISION[vision])
    return lab([min(1.0, max(0.0, value)) for value in rows])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("theme", "least"), [(LIGHT, 17), (DARK, 17)], ids=["light", "dark"])
def test_borders_are_told_apart_by_everybody(theme: Theme, least: float, vision: str) -> None:
    for one, other in itertools.combinations(theme.borders.values(), 2):
        assert math.dist(seen(one, vision), seen(other, vision)) >= least, (one, other)


def contrast(one: str, other: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (sum(map(float.__mul__, weights, channels(c))) + 0.05 for c in (one, other)), reverse=True
    )
    return light / dark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_colour(theme: Theme) -> None:
    for ground in (theme.page, theme.group, *theme.fills.values()):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5, ground
    assert contrast(theme.badge_text, theme.badge) >= 4.5


def test_each_colour_has_one_counterpart() -> None:
    assert len(pairs()) == len(dict(pairs())) == 8 + 2 * len(Family) + 2
