@torch.no_grad()
def hard_negatives(
    logits: Tensor, matches: Sequence[Match], ratio: float
) -> list[Match]:
    """Of the matches without an object those of each image that a head is most wrong about;
    of all others the label becomes -1.
    """
    found = []
    for rows, match in zip(logits, matches):
        labels = match.labels
        loss = F.cross_entropy(rows, labels, ignore_index=-1, reduction="none")
        loss = loss.masked_fill(labels != 0, -math.inf)
        rank = loss.argsort(descending=True).argsort()
        easy = (labels == 0) & (rank >= ratio * (labels > 0).sum())
        found.append(match._replace(labels=labels.masked_fill(easy, -1)))
    return found
