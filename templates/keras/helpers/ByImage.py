@keras.saving.register_keras_serializable()
class ByImage(layers.Layer):
    """The rows that a head has for the boxes of all images, as (B, boxes, numbers)."""

    def call(self, rows: Any, boxes: Any) -> Any:
        sizes: Any = ops.shape(boxes)
        return ops.reshape(rows, (-1, sizes[1], rows.shape[-1]))

    def compute_output_shape(self, rows_shape: Any, boxes_shape: Any) -> Any:
        return (*boxes_shape[:2], rows_shape[-1])
