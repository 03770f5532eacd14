"""Puts rectangles on a page: the first at its upper left corner, the others where there is room."""

import math

from netwright.record import record

Size = tuple[float, float]
Place = tuple[float, float]
PORTRAIT = 0.85  # width over height that a page aims at
STEPS = 14


@record
class Packed:
    """Places of rectangles, and the size of all together."""

    places: tuple[Place, ...]
    width: float
    height: float
    cost: float


def pack(sizes: list[Size], *, gap: float, least: float, more: float) -> Packed:
    """The page that can be shown largest.

    ``least`` is its width in any case, ``more`` what else it has in height.
    """
    narrow = max(least, max(wide for wide, _ in sizes))
    broad = max(narrow, sum(wide + gap for wide, _ in sizes) - gap)
    tried = {narrow, broad}
    tried |= {sizes[0][0] + gap + wide for wide, _ in sizes[1:]}
    tried |= {narrow + (broad - narrow) * step / STEPS for step in range(STEPS)}
    options: list[Packed] = []
    for limit in sorted((limit for limit in tried if limit >= narrow), reverse=True):
        if not options or limit < options[-1].width:  # else it comes out as the wider one did
            options.append(_packed(sizes, limit, gap, least, more))
    return min(reversed(options), key=lambda option: option.cost)


def _packed(sizes: list[Size], limit: float, gap: float, least: float, more: float) -> Packed:
    """The rectangles within a width, each as high as it can stand."""
    places: list[Place] = []
    for number, (wide, tall) in enumerate(sizes):
        done = list(zip(places, sizes, strict=False))
        starts = {0.0, *(x + own + gap for (x, _), (own, _) in done)}
        spots = [(_lowest(x, wide, tall, done, gap), x) for x in starts if x + wide <= limit + 0.1]
        y, x = min(spots) if number else (0.0, 0.0)
        places.append((x, y))
    width = max(x + wide for (x, _), (wide, _) in zip(places, sizes, strict=True))
    height = max(y + tall for (_, y), (_, tall) in zip(places, sizes, strict=True))
    return Packed(tuple(places), width, height, _cost(max(width, least), height + more))


def _lowest(
    x: float, wide: float, tall: float, done: list[tuple[Place, Size]], gap: float
) -> float:
    """The least ``y`` at which a rectangle touches no other."""
    across = [
        (other_y, other_y + own_tall)
        for (other_x, other_y), (own, own_tall) in done
        if other_x < x + wide + gap - 0.1 and x < other_x + own + gap - 0.1
    ]
    y = 0.0
    for top, bottom in sorted(across):
        if top < y + tall + gap and y < bottom + gap:
            y = bottom + gap
    return y


def _cost(width: float, height: float) -> float:
    """How small the page must be shown to fit, and a little for paper that stays empty."""
    return max(width / PORTRAIT, height) + 0.1 * math.sqrt(width * height)
