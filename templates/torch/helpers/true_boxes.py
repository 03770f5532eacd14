def true_boxes(shown: dict[str, Tensor], frame: Tensor, image: Tensor | None) -> Tensor:
    """The true boxes of an image, in pixels of the frame."""
    truth = shown["boxes"].to(frame.dtype)
    if image is None:
        return truth
    height, width = (a / b for a, b in zip(frame.shape[-2:], image.shape[-2:]))
    return truth * truth.new_tensor([width, height, width, height])
