"""Boxes as the macros of PyTorch see them."""

from netwright.targets.spell import View
from netwright.tensor import ANCHORS, PROPOSALS


class Boxes(View):
    """What the layers of detectors ask, beside their arguments."""

    @property
    def branches(self) -> list[str]:
        """The variables of the branches, without those that arguments name."""
        return self.inputs[: len(self.layer.inputs)]

    def listed(self, name: str) -> str:
        """A list of the tensors of an argument."""
        found = self.others(name)
        return f"[{', '.join(found)}]"

    def for_each(self, name: str) -> str:
        """Numbers for each map: those of all maps as often as there are maps."""
        value = self.value(name)
        if value and type(value[0]) is tuple:
            return self.of(name)
        return f"[{self.of(name)}] * {len(self.others('maps'))}".removesuffix(" * 1")

    def half(self, place: int) -> str:
        """One of the two lists of tensors, or of the two tensors, that the branches are."""
        half = len(self.branches) // 2
        part = [self.in_each(i) for i in range(half * place, half * (place + 1))]
        return part[0] if half == 1 and self.name != "proposals" else f"[{', '.join(part)}]"

    @property
    def boxes(self) -> str:
        """The last branch, a list with the boxes of each image."""
        return self.in_each(len(self.branches) - 1, "list")

    def in_each(self, place: int, kind: str = "") -> str:
        """A branch as something with an entry for each image; anchors are those of all."""
        axes, text = self.layer.tensors[place].axes, self.branches[place]
        if axes[:1] == (ANCHORS,):
            images = f"{self.branches[0 if place else -1]}.shape[0]"
            return f"[{text}] * {images}" if kind else f"{text}.expand({images}, -1, -1)"
        return text if axes[:1] == (PROPOSALS,) or not kind else f"{kind}({text})"

    @property
    def maps(self) -> str:
        """The branches but the last, as a list."""
        return f"[{', '.join(self.branches[:-1])}]"

    @property
    def in_images(self) -> bool:
        """Whether boxes are a list for each image, and heads have one row for each of all."""
        return self.layer.tensors[-1].axes[:1] == (PROPOSALS,)

    @property
    def several(self) -> bool:
        """Whether a head has several moves a box."""
        return self.layer.result.rank == 3

    @property
    def scores(self) -> str:
        """The probabilities of each image."""
        boxes, scores = self.half(0), self.half(1)
        if self.layer.tensors[-1].each is None:
            return scores
        return f"torch.split({scores}, [each.shape[0] for each in {boxes}])"

    @property
    def boxes_to_match(self) -> str:
        """Boxes with an entry for each image; anchors are those of all."""
        boxes, shown = self.branches
        anchors = self.layer.tensors[0].axes[:1] == (ANCHORS,)
        return f"[{boxes}] * len({shown})" if anchors else boxes

    def trained(self, name: str) -> str | None:
        """A number that may be another one in training."""
        given, there = self.arg(name), self.arg(f"train_{name}")
        return given if there is None else f"{there} if self.training else {given}"

    @property
    def other_image(self) -> str | None:
        """The image whose pixels boxes are given in, where it is not their frame."""
        frame, image = self.other("frame"), self.other("image")
        return None if image == frame else image
