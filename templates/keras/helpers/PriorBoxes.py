@keras.saving.register_keras_serializable()
class PriorBoxes(layers.Layer):
    """Boxes around the centre of every cell as corners in pixels of the frame, (B, N, 4)."""

    def __init__(
        self,
        scales: Sequence[float],
        ratios: Sequence[Sequence[float]],
        steps: Sequence[float] | None = None,
        clip: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.scales, self.ratios, self.steps, self.clip = scales, ratios, steps, clip

    def call(self, maps: Any, frame: Any) -> Any:
        found, sides = [], sides_of(frame)
        for i, x in enumerate(maps):
            cells = sides_of(x) if self.steps is None else sides / self.steps[i]
            centre: Any = (cell_places(x) + 0.5) / cells[:2]
            half: Any = ops.array(self.pairs(i), keras.config.floatx())
            half = ops.clip(half / 2, 0, 0.5) if self.clip else half / 2
            corners: Any = ops.concatenate((centre - half, centre + half), axis=-1)
            found.append(ops.reshape(corners * sides, (-1, 4)))
        return of_each_image(ops.concatenate(found, axis=0), frame)

    def pairs(self, i: int) -> list[tuple[float, float]]:
        """Width and height of each box of a map, over the frame's."""
        side, between = self.scales[i], math.sqrt(self.scales[i] * self.scales[i + 1])
        found = [(side, side), (between, between)]
        for ratio in self.ratios[i]:
            wide, high = side * math.sqrt(ratio), side / math.sqrt(ratio)
            found += [(wide, high), (high, wide)]
        return found

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "scales": self.scales,
            "ratios": self.ratios,
            "steps": self.steps,
            "clip": self.clip,
        }
