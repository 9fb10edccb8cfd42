"""lm: a whole language model over two consecutive chunks of a stream, the state carried but not differentiated through.

lm_checkpoint: its state_dict alone, in float32, under the published names: a file to load, not to compare with.

published_lm, published_lm_checkpoint: the same for a model as the published train_lm.py makes it, whose cut-offs end at words + 1: the
last tail has a row that no word has, and that takes probability all the same.
"""
import torch
from torch import nn
from torch.nn import functional

from .adaptive_softmax import AdaptiveSoftmax
from .dense_stack import DenseStack
from .golden_file import GoldenFile, randomise

WORDS, CUTOFFS = 30, [8, 16, 30]


class LanguageModel(nn.Module):
    def __init__(self, cutoffs=CUTOFFS):
        super().__init__()
        self.rnn = DenseStack(2, 6, 4)
        self.soft_max = AdaptiveSoftmax(8, cutoffs)
        self.word_embed = nn.Embedding(WORDS, 6)
        self.project = nn.Linear(self.rnn.width, 8)

    def features(self, ids, states, relu):
        output, states = self.rnn(self.word_embed(ids), states=states)
        projected = self.project(output.flatten(0, 1))
        return (functional.relu(projected) if relu else projected), states


def files():
    file = GoldenFile("lm", 701)
    model = randomise(LanguageModel())
    stream = torch.randint(0, WORDS, (9, 3))
    file.add("model", "input", cutoffs=torch.tensor(CUTOFFS))
    file.add_parameters("model", model)
    for relu in [True, False]:
        states = None
        for chunk, start in enumerate([0, 4]):
            case = f"{'relu' if relu else 'linear'}_chunk{chunk}"
            model.zero_grad(set_to_none=True)
            ids, targets = stream[start:start + 4], stream[start + 1:start + 5]
            features, states = model.features(ids, states, relu)
            loss = model.soft_max(features, targets.flatten())
            loss.backward()
            states = [tuple(part.detach() for part in state) for state in states]
            file.add(case, "input", ids=ids, targets=targets)
            file.add(case, "output", loss=loss, log_prob=model.soft_max.log_prob(features),
                     final_hidden=torch.cat([h for h, _ in states]), final_cell=torch.cat([c for _, c in states]))
            file.add_gradients(case, model)
    yield file

    yield checkpoint("lm_checkpoint", model)

    cutoffs = [*CUTOFFS[:-1], WORDS + 1]
    file = GoldenFile("published_lm", 702)
    model = randomise(LanguageModel(cutoffs))
    stream = torch.randint(0, WORDS, (5, 3))
    file.add("model", "input", cutoffs=torch.tensor(cutoffs))
    file.add_parameters("model", model)
    features, _ = model.features(stream[:-1], None, relu=False)
    loss = model.soft_max(features, stream[1:].flatten())
    loss.backward()
    file.add("linear", "input", ids=stream[:-1], targets=stream[1:])
    file.add("linear", "output", loss=loss, log_prob=model.soft_max.log_prob(features))
    file.add_gradients("linear", model)
    yield file
    yield checkpoint("published_lm_checkpoint", model)


def checkpoint(name, model):
    file = GoldenFile(name, 0)
    for parameter, tensor in model.state_dict().items():
        file.add_named(parameter, tensor.float())
    return file
