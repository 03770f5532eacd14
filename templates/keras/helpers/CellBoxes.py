@keras.saving.register_keras_serializable()
class CellBoxes(layers.Layer):
    """Boxes as YOLO codes them, in the cells of a map, as corners in pixels, (B, N, 4)."""

    def __init__(self, sizes: Sequence[Sequence[float]], **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.sizes = sizes

    def call(self, codes: Any, cells: Any, frame: Any) -> Any:
        rows: Any = ops.shape(codes)
        sizes: Any = ops.array(self.sizes, keras.config.floatx())
        each: Any = ops.reshape(codes, (rows[0], -1, len(self.sizes), 4))
        centre: Any = cell_places(cells) + ops.sigmoid(each[..., :2])
        half: Any = ops.exp(each[..., 2:]) * (sizes / 2)
        corners: Any = ops.concatenate((centre - half, centre + half), axis=-1)
        corners = corners * (sides_of(frame) / sides_of(cells))
        return ops.reshape(corners, rows)

    def compute_output_shape(
        self, codes_shape: Any, cells_shape: Any, frame_shape: Any
    ) -> Any:
        return codes_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"sizes": self.sizes}
