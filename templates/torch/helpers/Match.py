class Match(NamedTuple):
    """Boxes of an image, the true box that each is matched to, and the label of that one:
    0 where it is matched to none, -1 where it does not count.
    """

    boxes: Tensor
    truth: Tensor
    labels: Tensor
