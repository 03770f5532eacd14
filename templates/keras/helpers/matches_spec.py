def matches_spec(batch: int | None, number: int | None) -> dict[str, KerasTensor]:
    """What matches are, before there are any."""
    return {
        "boxes": KerasTensor((batch, number, 4), keras.config.floatx()),
        "truth": KerasTensor((batch, number, 4), keras.config.floatx()),
        "labels": KerasTensor((batch, number), "int32"),
    }
