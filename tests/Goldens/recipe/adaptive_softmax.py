"""adaptive_softmax: a head over the frequent words and one slot a tail, and a factorised softmax for each tail of rarer words."""
import torch
from torch import nn
from torch.nn import functional

from .golden_file import GoldenFile, normal, randomise


class AdaptiveSoftmax(nn.Module):
    """Words [0, cutoffs[0]) stand in the head, words [cutoffs[i], cutoffs[i+1]) in tail i, whose inner width is inputs // 4^(i + shift)."""

    def __init__(self, inputs, cutoffs, shift=0):
        super().__init__()
        self.cutoffs = cutoffs
        self.head = nn.Linear(inputs, cutoffs[0] + len(cutoffs) - 1)
        self.tail = nn.ModuleList(
            nn.Sequential(
                nn.Linear(inputs, inputs // 4 ** (i + shift), bias=False),
                nn.Linear(inputs // 4 ** (i + shift), end - start, bias=False),
            )
            for i, (start, end) in enumerate(zip(cutoffs, cutoffs[1:]))
        )

    def log_prob(self, x):
        head = functional.log_softmax(self.head(x), 1)
        first = self.cutoffs[0]
        tails = [head[:, first + i, None] + functional.log_softmax(tail(x), 1) for i, tail in enumerate(self.tail)]
        return torch.cat([head[:, :first], *tails], 1)

    def forward(self, x, targets):
        """Mean negative log-likelihood; a tail without a target in the batch is not computed: its gradient does not exist."""
        slots = targets.clone()
        total = 0.0
        for i, (start, end) in enumerate(zip(self.cutoffs, self.cutoffs[1:])):
            rows = ((targets >= start) & (targets < end)).nonzero()[:, 0]
            if len(rows):
                slots[rows] = self.cutoffs[0] + i
                total = total + functional.cross_entropy(self.tail[i](x[rows]), targets[rows] - start, reduction="sum")
        total = total + functional.cross_entropy(self.head(x), slots, reduction="sum")
        return total / len(targets)


class Model(nn.Module):
    def __init__(self, *arguments, **options):
        super().__init__()
        self.soft_max = AdaptiveSoftmax(*arguments, **options)


def files():
    file = GoldenFile("adaptive_softmax", 301)
    model = randomise(Model(16, [6, 12, 20, 30]))
    case(file, "every_tail", model, [0, 29, 7, 12, 5, 19, 11, 3, 21, 6, 6, 15])
    case(file, "tail_without_target", model, [0, 29, 7, 5, 11, 3, 21, 6])
    case(file, "head_only", model, [5, 0, 3])
    case(file, "paper_widths", randomise(Model(16, [6, 12, 20], shift=1)), [0, 19, 7, 12, 5, 11])
    yield file


def case(file, name, model, targets):
    model.zero_grad(set_to_none=True)
    targets = torch.tensor(targets)
    x = normal(len(targets), 16).requires_grad_()
    loss = model.soft_max(x, targets)
    loss.backward()
    file.add(name, "input", input=x, targets=targets, cutoffs=torch.tensor(model.soft_max.cutoffs))
    file.add_parameters(name, model)
    file.add(name, "output", loss=loss, log_prob=model.soft_max.log_prob(x))
    file.add(name, "gradient", input=x.grad)
    file.add_gradients(name, model)
