"""layers: the small operations around the recurrences, each under a random cotangent."""
import torch
from torch.nn import functional

from .golden_file import GoldenFile, backward, normal, random_cotangents


def files():
    file = GoldenFile("layers", 601)

    ids = torch.tensor([[2, 0, 5], [2, 2, 6]])
    case(file, "embedding", lambda weight: functional.embedding(ids, weight), {"weight": normal(7, 4)})
    file.add("embedding", "input", ids=ids)

    case(file, "linear", functional.linear, linear())
    case(file, "linear_relu", lambda *given: functional.relu(functional.linear(*given)), linear())
    case(file, "log_softmax", lambda logits: functional.log_softmax(logits, 1), {"logits": normal(5, 7, scale=3)})
    case(file, "relu", functional.relu, {"input": normal(4, 5)})
    case(file, "sigmoid", torch.sigmoid, {"input": normal(4, 5, scale=4)})
    case(file, "tanh", torch.tanh, {"input": normal(4, 5, scale=4)})

    targets = torch.tensor([6, 0, -1, 3, 3])
    case(file, "cross_entropy", lambda logits: functional.cross_entropy(logits, targets, reduction="none", ignore_index=-1),
         {"logits": normal(5, 7, scale=3)})
    file.add("cross_entropy", "input", targets=targets)
    case(file, "cross_entropy_mean", lambda logits: functional.nll_loss(functional.log_softmax(logits, 1), targets, ignore_index=-1),
         {"logits": normal(5, 7, scale=3)})
    file.add("cross_entropy_mean", "input", targets=targets)
    yield file


def linear():
    return {"input": normal(5, 6), "weight": normal(4, 6), "bias": normal(4)}


def case(file, name, function, given):
    for tensor in given.values():
        tensor.requires_grad_()
    output = function(*given.values())
    cotangents = random_cotangents(output=output)
    backward({"output": output}, cotangents)
    for key, tensor in given.items():
        file.add(name, "parameter" if key in ("weight", "bias") else "input", **{key: tensor})
    file.add(name, "output", output=output)
    file.add(name, "cotangent", **cotangents)
    file.add(name, "gradient", **{key: tensor.grad for key, tensor in given.items()})
