"""Boxes as the macros of Keras see them: dense, of each image as many, those that lack empty."""

from typing import Any

from netwright.ops.frame import tensors_of
from netwright.targets.keras.calls import Calls
from netwright.targets.keras.order import keras_order
from netwright.targets.torch.detect import Boxes
from netwright.tensor import Tensor


class Detectors(Boxes, Calls):
    """What the layers of detectors ask, beside their arguments."""

    def last_channels(self, text: str, tensor: Tensor) -> str:
        """A map with its channels last."""
        line = self.turned(keras_order(tensor), [1, 2, 0])
        return f"{line}({text})" if line else text

    def maps_of(self, name: str) -> str:
        """A list of the maps of an argument."""
        rows = zip(self.others(name), tensors_of(self.value(name)), strict=True)
        return f"[{', '.join(self.last_channels(*row) for row in rows)}]"

    def in_each(self, place: int, kind: str = "") -> str:
        """A branch, boxes first also where an input has it that might be an image; what is the same
        for all images is told from the rest where it is read.
        """
        x, text = self.layer.tensors[place], self.branches[place]
        line = self.turned(keras_order(x), range(x.rank))
        return f"{line}({text})" if line else text

    def image(self, name: str) -> str:
        """The one map or image of an argument."""
        return self.maps_of(name).removeprefix("[").removesuffix("]")

    @property
    def maps(self) -> str:
        """The branches but the last: a map, or a list of them."""
        rows = zip(self.branches[:-1], self.tensors, strict=False)
        found = [self.last_channels(*row) for row in rows]
        return found[0] if len(found) == 1 else f"[{', '.join(found)}]"

    @property
    def last(self) -> str:
        """The last branch: boxes."""
        return self.branches[-1]

    def rows(self, place: int) -> str:
        """A branch with a row for each box of an image; heads on boxes have all images' boxes."""
        half = len(self.branches) // 2
        if self.layer.tensors[place].each is None:
            return self.branches[place]
        boxes = self.branches[(place + half) % len(self.branches)]
        return f"{self.helper('ByImage')}()({self.branches[place]}, {boxes})"

    @property
    def head(self) -> str:
        """The logits of `proposals`, a list."""
        half = len(self.branches) // 2
        return f"[{', '.join(map(self.rows, range(half)))}]"

    @property
    def found(self) -> str:
        """What `detections` works on: boxes, probabilities, the frame, and another image."""
        half = len(self.branches) // 2
        scores = [self.rows(half + place) for place in range(half)]
        text = scores[0] if half == 1 else f"[{', '.join(scores)}]"
        image = self.image("image")
        frame = self.image("frame")
        given = [self.half(0), text, frame, *([image] if image != frame else [])]
        return ", ".join(given)

    @property
    def frames(self) -> str:
        """The frame of boxes, and the image of true ones where it is another."""
        frame, image = self.image("frame"), self.image("image")
        return frame if image == frame else f"{frame}, {image}"

    def squares(self, name: str) -> str:
        """The squares of the numbers of an argument."""
        texts = self.elements(self.of(name))
        if texts is None:
            return f"[n**2 for n in {self.of(name)}]"
        return f"[{', '.join(_square(text) for text in texts)}]"

    @property
    def sides_of_size(self) -> list[str]:
        """Height and width that `resize` is told; none where it is told a shorter side."""
        size: Any = self.value("size")
        if size is None:
            return []
        texts = self.elements(self.of("size")) or [self.of("size")]
        if len(texts) != len(size):
            texts = [f"{texts[0]}[{place}]" for place in range(len(size))]
        return texts * (2 // len(texts))


def _square(text: str) -> str:
    return f"{text}**2" if text.replace(".", "").isalnum() else f"({text}) ** 2"
