def decode_boxes(
    moves: Tensor, boxes: Tensor, weights: Sequence[float] = (1, 1, 1, 1)
) -> Tensor:
    """Boxes, as corners, whose centres and sides a head moves: both (..., 4)."""
    width, height = boxes[..., 2] - boxes[..., 0], boxes[..., 3] - boxes[..., 1]
    x, y, w, h = (moves[..., i] / weight for i, weight in enumerate(weights))
    x = x * width + (boxes[..., 0] + 0.5 * width)
    y = y * height + (boxes[..., 1] + 0.5 * height)
    largest = math.log(1000 / 16)  # keeps exp from overflowing
    w = 0.5 * (w.clamp(max=largest).exp() * width)
    h = 0.5 * (h.clamp(max=largest).exp() * height)
    return torch.stack((x - w, y - h, x + w, y + h), dim=-1)
