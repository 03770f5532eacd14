@torch.no_grad()
def match_cells(
    boxes: Tensor,
    targets: Sequence[dict[str, Tensor]],
    cells: Tensor,
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    *,
    image: Tensor | None = None,
    ignore: float,
) -> list[Match]:
    """The boxes of the cells of a map with the true ones, given as corners in pixels of
    the image, each in the cell of its centre with the anchor that fits it best.
    """
    height, width = cells.shape[-2:]
    step = boxes.new_tensor([frame.shape[-1] / width, frame.shape[-2] / height])
    anchors = boxes.new_tensor(sizes)
    found = []
    for box, shown in zip(boxes, targets):
        truth, labels = true_boxes(shown, frame, image), shown["labels"]
        if len(truth) == 0:
            found.append(Match(box, torch.zeros_like(box), labels.new_zeros(len(box))))
            continue
        side = (truth[:, 2:] - truth[:, :2]) / step
        x, y = ((truth[:, :2] + truth[:, 2:]) / 2 / step).long().unbind(dim=1)
        cell = y.clamp(0, height - 1) * width + x.clamp(0, width - 1)
        both = torch.minimum(side[:, None], anchors).prod(dim=-1)
        fits = both / (side.prod(dim=-1)[:, None] + anchors.prod(dim=-1) - both)
        rows = cell * len(anchors) + fits.argmax(dim=1)
        order = torch.arange(len(rows), device=rows.device)
        own = rows.new_full((len(box),), -1)
        own = own.scatter_reduce(0, rows, order, "amax")  # the last one has the cell
        near = box_iou(truth, box).amax(dim=0) > ignore
        label = torch.where(own >= 0, labels[own] + 1, torch.where(near, -1, 0))
        found.append(Match(box, truth[own], label))
    return found
