@torch.no_grad()
def match_boxes(
    boxes: Iterable[Tensor],
    targets: Sequence[dict[str, Tensor]],
    frame: Tensor,
    *,
    image: Tensor | None = None,
    high: float,
    low: float | None = None,
    best: str = "plain",
    added: bool = False,
) -> list[Match]:
    """The boxes of each image with the true ones, given as corners in pixels of the image,
    that they overlap most.
    """
    found = []
    for box, shown in zip(boxes, targets):
        truth = true_boxes(shown, frame, image)
        box = torch.cat((box, truth)) if added else box
        if len(truth) == 0:
            labels = shown["labels"].new_zeros(len(box))
            found.append(Match(box, torch.zeros_like(box), labels))
            continue
        overlap = box_iou(truth, box)
        most, place = overlap.max(dim=0)
        none = most < (high if low is None else low)
        unsure = (most < high) & ~none
        if best == "kept":
            fits = (overlap == overlap.max(dim=1, keepdim=True).values).any(dim=0)
            none, unsure = none & ~fits, unsure & ~fits
        elif best == "forced":
            fits = overlap.argmax(dim=1)
            place[fits] = torch.arange(len(truth), device=place.device)
            none[fits] = unsure[fits] = False
        labels = shown["labels"][place].masked_fill(none, 0).masked_fill(unsure, -1)
        found.append(Match(box, truth[place], labels))
    return found
