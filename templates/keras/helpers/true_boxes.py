def true_boxes(targets: Any, frame: Any, image: Any) -> tuple[Any, Any]:
    """The true boxes of each image in pixels of the frame and their labels, with an empty
    one behind, whose label is -1 as that of all that fill up.
    """
    boxes: Any = ops.cast(targets["boxes"], keras.config.floatx())
    if image is not None:
        boxes = boxes * (sides_of(frame) / sides_of(image))
    boxes = ops.pad(boxes, [(0, 0), (0, 1), (0, 0)])
    labels: Any = ops.cast(targets["labels"], "int32")
    return boxes, ops.pad(labels, [(0, 0), (0, 1)], constant_values=-1)
