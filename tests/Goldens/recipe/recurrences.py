"""lstm, gru, rnn: one layer over a sequence, with initial and final states; both directions over sequences of different lengths."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .golden_file import GoldenFile, backward, normal, random_cotangents, randomise


def files():
    for name, unit, seed in [("lstm", nn.LSTM, 101), ("gru", nn.GRU, 102), ("rnn", nn.RNN, 103)]:
        file = GoldenFile(name, seed)
        case(file, "one_direction", unit, steps=5, batch=3, inputs=4, hidden=5)
        case(file, "wide", unit, steps=3, batch=5, inputs=6, hidden=19)
        case(file, "both_directions_lengths", unit, steps=5, batch=4, inputs=4, hidden=3, lengths=[3, 5, 1, 4])
        yield file


def case(file, name, unit, steps, batch, inputs, hidden, lengths=None):
    module = randomise(unit(inputs, hidden, bidirectional=lengths is not None))
    directions = 1 if lengths is None else 2
    given = {"input": normal(steps, batch, inputs), "initial_hidden": normal(directions, batch, hidden, scale=0.5)}
    if unit is nn.LSTM:
        given["initial_cell"] = normal(directions, batch, hidden, scale=0.5)
    for tensor in given.values():
        tensor.requires_grad_()

    state = (given["initial_hidden"], given["initial_cell"]) if unit is nn.LSTM else given["initial_hidden"]
    if lengths is None:
        output, final = module(given["input"], state)
    else:
        packed = pack_padded_sequence(given["input"], torch.tensor(lengths), enforce_sorted=False)
        output, final = module(packed, state)
        output, _ = pad_packed_sequence(output, total_length=steps)
        file.add(name, "input", lengths=torch.tensor(lengths))

    outputs = {"output": output}
    outputs |= {"final_hidden": final[0], "final_cell": final[1]} if unit is nn.LSTM else {"final_hidden": final}
    cotangents = random_cotangents(**outputs)
    backward(outputs, cotangents)

    file.add(name, "input", **given)
    file.add_parameters(name, module)
    file.add(name, "output", **outputs)
    file.add(name, "cotangent", **cotangents)
    file.add(name, "gradient", **{key: tensor.grad for key, tensor in given.items()})
    file.add_gradients(name, module)
