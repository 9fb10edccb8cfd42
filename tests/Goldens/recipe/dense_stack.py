"""dense_stack: LSTM layers that each read the input and all earlier layers; the stack's output is the input beside every layer's output."""
import torch
from torch import nn

from .golden_file import GoldenFile, backward, normal, random_cotangents, randomise


class Unit(nn.Module):
    """One layer, under the published code's name: rnn.layer.{i}.layer.weight_ih_l0 and so on."""

    def __init__(self, inputs, hidden):
        super().__init__()
        self.layer = nn.LSTM(inputs, hidden)


class DenseStack(nn.Module):
    """h_l = F_l([x, h_1, ..., h_{l-1}]); output [x, h_1, ..., h_L]. The recurrence runs on F_l's own state, whatever scales h_l."""

    def __init__(self, layers, embedding, hidden, scaled=False):
        super().__init__()
        self.layer = nn.ModuleList(Unit(embedding + i * hidden, hidden) for i in range(layers))
        if scaled:
            self.weight_list = nn.Parameter(torch.ones(layers))
        self.width = embedding + layers * hidden

    def forward(self, x, dropped=(), states=None):
        """dropped: layers whose output later layers see as zeros, while the stack's output keeps it. states: one (h, c) a layer."""
        read, output, final = x, x, []
        for i, unit in enumerate(self.layer):
            hidden, state = unit.layer(read, None if states is None else states[i])
            if hasattr(self, "weight_list"):
                hidden = self.weight_list[i] * hidden
            final.append(state)
            output = torch.cat([output, hidden], 2)
            read = torch.cat([read, torch.zeros_like(hidden) if i in dropped else hidden], 2)
        return output, final


class Model(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.rnn = DenseStack(3, 5, 4, **options)


def files():
    file = GoldenFile("dense_stack", 201)
    plain = randomise(Model())
    scaled = Model(scaled=True)
    scaled.load_state_dict({**plain.state_dict(), "rnn.weight_list": torch.tensor([0.75, 0.0, 0.375])})
    x = normal(4, 3, 5)
    case(file, "plain", plain, x)
    case(file, "layer_dropped", plain, x, dropped=(1,))
    case(file, "scaled", scaled, x)
    yield file


def case(file, name, model, x, dropped=()):
    model.zero_grad(set_to_none=True)
    x = x.clone().requires_grad_()
    output, _ = model.rnn(x, dropped)
    cotangents = random_cotangents(output=output)
    backward({"output": output}, cotangents)
    file.add(name, "input", input=x, dropped=torch.tensor([int(i in dropped) for i in range(len(model.rnn.layer))]))
    file.add_parameters(name, model)
    file.add(name, "output", output=output)
    file.add(name, "cotangent", **cotangents)
    file.add(name, "gradient", input=x.grad)
    file.add_gradients(name, model)
