def detect(
    boxes: Iterable[Tensor],
    scores: Iterable[Tensor],
    frame: Tensor,
    *,
    image: Tensor | None = None,
    score: float,
    overlap: float,
    keep: int,
    pre: int | None = None,
    min_size: float = 0.0,
    per_class: bool = True,
    background: bool = True,
) -> list[dict[str, Tensor]]:
    """The boxes of each image that are an object, best first, in pixels of the image."""
    height, width = frame.shape[-2:]
    found = []
    for box, rows in zip(boxes, scores):
        box = clip_boxes_to_image(box, (height, width))
        box, rows, label = candidates(box, rows, score, pre, background)
        if min_size > 0:
            large = remove_small_boxes(box, min_size)
            box, rows, label = box[large], rows[large], label[large]
        apart = label if per_class else torch.zeros_like(label)
        best = apart_nms(box, rows, apart, overlap)[:keep]
        box = box[best]
        if image is not None:
            tall, wide = image.shape[-2] / height, image.shape[-1] / width
            x, y, x2, y2 = box.unbind(dim=1)
            box = torch.stack((x * wide, y * tall, x2 * wide, y2 * tall), dim=1)
        found.append({"boxes": box, "scores": rows[best], "labels": label[best]})
    return found
