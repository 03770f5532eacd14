@keras.saving.register_keras_serializable()
class Crop(layers.Layer):
    """The centre of a map, in the sizes that another has when the model runs."""

    def call(self, inputs: Any, like: Any) -> Any:
        sizes: Any = ops.shape(inputs)
        wanted: Any = ops.shape(like)
        found = inputs
        for axis in range(1, len(inputs.shape) - 1):
            first = (sizes[axis] - wanted[axis]) // 2
            cut = slice(first, first + wanted[axis])
            found = found[(*[slice(None)] * axis, cut)]
        return found
