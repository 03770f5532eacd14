@keras.saving.register_keras_serializable()
class DetectionModel(keras.Model):
    """A model that finds boxes."""

    def detect(self, image: Any, *given: Any) -> dict[str, Any]:
        """What is in a picture (H, W, 3) of values from 0 to 1, or of integers to 255,
        best first: `boxes` (N, 4), as corners in its pixels, `scores`, `labels` (N,).
        """
        most = 255 if "int" in keras.backend.standardize_dtype(image.dtype) else 1
        inputs: Any = [ops.cast(x, keras.config.floatx()) for x in (image, *given)]
        inputs = [ops.expand_dims(x, 0) for x in (inputs[0] / most, *inputs[1:])]
        found: Any = self(inputs if given else inputs[0], training=False)
        found = {name: ops.convert_to_numpy(value) for name, value in found.items()}
        return {name: value[found["labels"] >= 0] for name, value in found.items()}
