@keras.saving.register_keras_serializable()
class Sample(layers.Layer):
    """Some matches of each image by chance, with an object and without; of all others the
    label becomes -1, or they go.
    """

    def __init__(
        self, number: int, positive: float, drop: bool = False, **options: Any
    ) -> None:
        super().__init__(autocast=False, **options)
        self.number, self.positive, self.drop = number, positive, drop
        self.seed = keras.random.SeedGenerator()

    def call(self, matches: Any) -> Any:
        labels: Any = matches["labels"]
        chance: Any = keras.random.uniform(ops.shape(labels), seed=self.seed)
        some = self.drawn(labels > 0, chance, int(self.number * self.positive))
        count: Any = ops.sum(ops.cast(some, "int32"), axis=1, keepdims=True)
        none = self.drawn(ops.equal(labels, 0), chance, self.number - count)
        chosen: Any = some | none
        if not self.drop:
            return {**matches, "labels": ops.where(chosen, labels, -1)}
        padding: Any = [(0, 0), (0, self.number)]  # there may be fewer
        order: Any = ops.argsort(ops.logical_not(ops.pad(chosen, padding)))
        rows: Any = order[:, : self.number]
        labels = ops.pad(ops.where(chosen, labels, -1), padding, constant_values=-1)
        return {
            "boxes": self.taken(matches["boxes"], rows),
            "truth": self.taken(matches["truth"], rows),
            "labels": ops.take_along_axis(labels, rows, axis=1),
        }

    def drawn(self, among: Any, chance: Any, count: Any) -> Any:
        """As many as are wanted of some, the rest of which chance leaves out."""
        order: Any = ops.argsort(ops.where(among, chance, 2.0))
        rank: Any = ops.argsort(order)
        return among & (rank < count)

    def taken(self, boxes: Any, rows: Any) -> Any:
        """Boxes in some rows."""
        padded: Any = ops.pad(boxes, [(0, 0), (0, self.number), (0, 0)])
        return ops.take_along_axis(padded, rows[..., None], axis=1)

    def compute_output_spec(self, matches: Any) -> Any:
        batch, number = matches["labels"].shape
        return matches_spec(batch, self.number if self.drop else number)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "number": self.number,
            "positive": self.positive,
            "drop": self.drop,
        }
