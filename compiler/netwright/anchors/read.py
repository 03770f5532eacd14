"""The boxes of a data set, each as the parts of its image that it is wide and high.

A table has a width and a height in each row; with the width and height of the image behind them
they are pixels of it, else parts of the image. JSON is COCO's, a folder has the XML of Pascal VOC.
"""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

Size = tuple[float, float]
TABLES = (".csv", ".tsv", ".txt")


class BoxesError(Exception):
    """Boxes that cannot be read: where, and what may help."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def read(path: str) -> tuple[Size, ...]:
    """The boxes of a file or folder; `BoxesError` where one cannot be meant."""
    ending = os.path.splitext(path)[1].lower()
    try:
        if os.path.isdir(path):
            found = tuple(_voc(path))
        elif ending == ".json":
            found = tuple(_coco(path))
        elif ending in TABLES:
            found = tuple(_table(path))
        else:
            raise BoxesError(
                f"no format has the ending of `{path}`",
                f"the endings are {', '.join((*TABLES, '.json'))}; a folder holds .xml files",
            )
    except (OSError, UnicodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise BoxesError(f"cannot read `{path}`: {(said or str(error)).lower()}") from error
    except csv.Error as error:
        raise BoxesError(f"`{path}` is no table: {error}") from error
    if not found:
        raise BoxesError(f"`{path}` has no box")
    return found


def _table(path: str) -> Iterator[Size]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        separator = "\t" if path.lower().endswith(".tsv") else ","
        for number, row in enumerate(csv.reader(file, delimiter=separator), 1):
            where = f"{path}:{number}"
            if not row or (number == 1 and not any(map(_is_number, row))):
                continue  # an empty line, or what the columns are called
            if len(row) not in (2, 4):
                raise BoxesError(
                    f"{where}: a row has a width and a height, found {len(row)} columns",
                    "two more are the width and the height of the image, in pixels",
                )
            yield _size(row[:2], row[2:] or ("1", "1"), where)


def _coco(path: str) -> Iterator[Size]:
    with open(path, encoding="utf-8") as file:
        try:
            found = json.load(file)
        except json.JSONDecodeError as error:
            raise BoxesError(f"{path}:{error.lineno}: {error.msg.lower()}") from error
        except RecursionError as error:
            raise BoxesError(f"`{path}` is nested too deeply") from error
    try:
        images = {image["id"]: (image["width"], image["height"]) for image in found["images"]}
        for place, box in enumerate(found["annotations"]):
            yield _size(box["bbox"][2:4], images[box["image_id"]], f"{path}: annotation {place}")
    except (KeyError, TypeError, IndexError) as error:
        raise BoxesError(
            f"`{path}` is no COCO annotation file: it lacks {error}",
            "`images` have `id`, `width`, `height`, and `annotations` have `image_id`, `bbox`",
        ) from error


def _voc(folder: str) -> Iterator[Size]:
    names = sorted(name for name in os.listdir(folder) if name.lower().endswith(".xml"))
    for path in (os.path.join(folder, name) for name in names):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise BoxesError(f"{path}:{error.position[0]}: it is no XML") from error
        image = [root.findtext(f"size/{side}", "") for side in ("width", "height")]
        for box in root.iterfind("object/bndbox"):
            corners = [box.findtext(side, "") for side in ("xmin", "xmax", "ymin", "ymax")]
            left, right, top, bottom = _numbers(corners, path)
            yield _size((right - left, bottom - top), image, path)


def _size(box: Iterable[object], image: Iterable[object], where: str) -> Size:
    """Width and height of a box over those of its image."""
    width, height, *around = _numbers((*box, *image), where)
    if min(width, height, *around) <= 0:
        raise BoxesError(f"{where}: a side is more than 0, found {min(width, height, *around):g}")
    if width > around[0] or height > around[1]:
        raise BoxesError(
            f"{where}: a box of {width:g} x {height:g} does not fit in an image of "
            f"{around[0]:g} x {around[1]:g}",
            "two more columns are the width and the height of the image" * (around == [1, 1]),
        )
    return width / around[0], height / around[1]


def _numbers(values: Iterable[object], where: str) -> list[float]:
    for value in values:
        if not _is_number(value):
            raise BoxesError(f"{where}: a side is a number, found `{value}`")
    return [float(str(value)) for value in values]


def _is_number(value: object) -> bool:
    try:
        return abs(float(str(value))) < float("inf")
    except ValueError:
        return False
