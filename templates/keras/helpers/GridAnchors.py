@keras.saving.register_keras_serializable()
class GridAnchors(layers.Layer):
    """Anchors at every cell of each map as corners in pixels of the frame, (B, N, 4)."""

    def __init__(
        self,
        sizes: Sequence[Sequence[float]],
        ratios: Sequence[Sequence[float]],
        scales: Sequence[float] = (1,),
        centred: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(autocast=False, **options)
        self.sizes, self.ratios, self.scales = sizes, ratios, scales
        self.centred = centred

    def call(self, maps: Any, frame: Any) -> Any:
        found = []
        for x, sides, ratios in zip(maps, self.sizes, self.ratios, strict=True):
            step: Any = ops.floor(sides_of(frame) / sides_of(x))
            place: Any = cell_places(x) + (0.5 if self.centred else 0.0)
            corners: Any = place * step[:2]
            corners = self.around(sides, ratios) + ops.tile(corners, 2)
            found.append(ops.reshape(corners, (-1, 4)))
        return of_each_image(ops.concatenate(found, axis=0), frame)

    def around(self, sides: Sequence[float], ratios: Sequence[float]) -> Any:
        """The anchors around one place, (A, 4)."""
        dtype = keras.config.floatx()
        wanted = [side * scale for side in sides for scale in self.scales]
        side: Any = ops.array(wanted, dtype)
        high: Any = ops.reshape(ops.sqrt(ops.array(ratios, dtype)), (-1, 1))
        w: Any = ops.ravel(side / high)
        h: Any = ops.ravel(side * high)
        corners: Any = ops.stack((-w, -h, w, h), axis=1)
        return ops.round(corners / 2)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "sizes": self.sizes,
            "ratios": self.ratios,
            "scales": self.scales,
            "centred": self.centred,
        }
