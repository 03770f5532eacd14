@keras.saving.register_keras_serializable()
def gelu_tanh(x: Any) -> Any:
    """GELU by its formula with tanh."""
    return ops.gelu(x, approximate=True)
