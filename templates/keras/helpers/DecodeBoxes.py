@keras.saving.register_keras_serializable()
class DecodeBoxes(layers.Layer):
    """Boxes, as corners, whose centres and sides a head moves: (B, N, 4), or of several
    moves a box (B, N, moves, 4).
    """

    def __init__(self, weights: Sequence[float] = (1, 1, 1, 1), **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.factors = weights

    def call(self, moves: Any, boxes: Any) -> Any:
        several = moves.shape[-1] // 4
        if several > 1:
            sizes: Any = ops.shape(moves)
            moves = ops.reshape(moves, (-1, sizes[1], several, 4))
            boxes = boxes[:, :, None]
        width, height = boxes[..., 2] - boxes[..., 0], boxes[..., 3] - boxes[..., 1]
        x, y, w, h = (moves[..., i] / factor for i, factor in enumerate(self.factors))
        x = x * width + (boxes[..., 0] + 0.5 * width)
        y = y * height + (boxes[..., 1] + 0.5 * height)
        largest = math.log(1000 / 16)  # keeps exp from overflowing
        w = ops.exp(ops.minimum(w, largest)) * (0.5 * width)
        h = ops.exp(ops.minimum(h, largest)) * (0.5 * height)
        return ops.stack((x - w, y - h, x + w, y + h), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"weights": self.factors}
