"""tagger: a whole tagger over single sentences, in the published arrangement of characters, words and positions.

A sentence of n words has n + 1 positions; the last one belongs to the padding symbol (newline for characters and language models).

  char_forward             the characters of word 1, a space, ..., the characters of word n, a space, the padding symbol
  char_forward_positions   where word i's space stands (the state has then read the word and its space); last: the padding symbol's place
  char_backward            the padding symbol, then the same characters and spaces from right to left: a space, word n's last character, ...
  char_backward_positions  where word i's first character stands in that order (the word's space comes before its last character);
                           last: 0, the padding symbol
  lm_forward               word ids 1..n, the padding symbol
  lm_backward              the padding symbol, word ids n..1
  lm_backward_positions    n, n-1, ..., 1, 0: word i's own place in that order, so that its state has read the words n..i; last: 0
  word                     word ids 1..n, the padding symbol (ids of the tagger's own vocabulary)

Published form (cases sentence{i}): the word LSTM runs over all n + 1 positions, and position n's emission of the end tag enters each
path's score as a constant. With the words alone (cases sentence{i}_words_only): the word LSTM runs over the n words, position n is left out and the last
transition goes to the end tag without an emission. The language models have run over the same symbols in both. The paper's form, and
our default (cases sentence{i}_paper): so, and without the padding symbol in front of the backward characters.

tagger_checkpoint: the state_dict alone, in float32, under the published names.
"""
from itertools import accumulate

import torch
from torch import nn
from torch.nn import functional

from . import crf
from .dense_stack import DenseStack
from .golden_file import GoldenFile, randomise

SPACE, PADDING = 0, 1
TAGS = 7


class FrozenLanguageModel(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.rnn = DenseStack(2, 4, 3, scaled=True)
        self.word_embed = nn.Embedding(words, 4)

    def forward(self, ids):
        return self.rnn(self.word_embed(ids))[0]


class Crf(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.hidden2tag = nn.Linear(inputs, TAGS)
        self.transitions = nn.Parameter(torch.zeros(TAGS, TAGS))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.f_lm, self.b_lm = FrozenLanguageModel(9), FrozenLanguageModel(10)
        self.char_embed = nn.Embedding(8, 4)
        self.word_embed = nn.Embedding(9, 5)
        self.char_seq = nn.Linear(2 * 6, 5)
        self.lm_seq = nn.Linear(self.f_lm.rnn.width + self.b_lm.rnn.width, 5)
        self.char_fw, self.char_bw = nn.LSTM(4, 6), nn.LSTM(4, 6)
        self.word_rnn = nn.LSTM(3 * 5, 4, bidirectional=True)
        self.crf = Crf(2 * 4)

    def forward(self, given, positions):
        """given: 1-d index tensors as above; positions: how many of the n + 1 the word LSTM sees. Everything runs with a batch of one."""
        column = {name: tensor[:, None] for name, tensor in given.items()}
        forward = self.char_fw(self.char_embed(column["char_forward"]))[0][given["char_forward_positions"]]
        backward = self.char_bw(self.char_embed(column["char_backward"]))[0][given["char_backward_positions"]]
        characters = self.char_seq(torch.cat([forward, backward], 2))[:positions]
        forward = self.f_lm(column["lm_forward"])
        backward = self.b_lm(column["lm_backward"])[given["lm_backward_positions"]]
        language = functional.relu(self.lm_seq(torch.cat([forward, backward], 2)))[:positions]
        words = self.word_embed(column["word"])[:positions]
        hidden = self.word_rnn(torch.cat([characters, language, words], 2))[0]
        return {"characters": characters, "language": language, "emissions": self.crf.hidden2tag(hidden)}


def sentence(words, lm_forward, lm_backward, ids):
    """words: character ids of each; the rest: word ids in the three vocabularies, whose last id is the padding symbol."""
    characters = [c for word in words for c in word + [SPACE]]
    lengths = [len(word) + 1 for word in words]
    n = len(words)
    starts = [0, *accumulate(lengths)]
    return {name: torch.tensor(values) for name, values in {
        "char_forward": characters + [PADDING],
        "char_forward_positions": [end - 1 for end in starts[1:]] + [len(characters)],
        "char_backward": [PADDING] + characters[::-1],
        "char_backward_positions": [len(characters) - start for start in starts],
        "lm_forward": lm_forward + [8],
        "lm_backward": [9] + lm_backward[::-1],
        "lm_backward_positions": list(range(n, -1, -1)),
        "word": ids + [8],
    }.items()}


def without_padding_symbol(given):
    """The same sentence with no padding symbol among its characters; of the n + 1 positions only the n words are to be read then."""
    return given | {
        "char_forward": given["char_forward"][:-1],
        "char_forward_positions": torch.cat([given["char_forward_positions"][:-1], torch.tensor([0])]),
        "char_backward": given["char_backward"][1:],
        "char_backward_positions": (given["char_backward_positions"] - 1).clamp(min=0),
    }


SENTENCES = [
    (sentence([[2, 3], [4], [7, 5, 2], [6, 6]], [3, 0, 7, 3], [1, 8, 2, 0], [5, 1, 0, 7]), [0, 3, 4, 1]),
    (sentence([[5, 4, 3, 2]], [6], [4], [2]), [2]),
]


def files():
    file = GoldenFile("tagger", 801)
    model = randomise(Tagger(), scale=0.6)
    with torch.no_grad():
        model.f_lm.rnn.weight_list.copy_(torch.tensor([1.0, 0.625]))
        model.b_lm.rnn.weight_list.copy_(torch.tensor([0.25, 0.875]))
    frozen = [part for lm in (model.f_lm, model.b_lm) for part in (lm.rnn.layer, lm.word_embed)]
    for part in frozen:
        part.requires_grad_(False)
    file.add_parameters("model", model)
    for i, (given, tags) in enumerate(SENTENCES):
        case(file, f"sentence{i}", model, given, tags, with_padding=True)
        case(file, f"sentence{i}_words_only", model, given, tags, with_padding=False)
    for i, (given, tags) in enumerate(SENTENCES):
        case(file, f"sentence{i}_paper", model, without_padding_symbol(given), tags, with_padding=False)
    yield file

    checkpoint = GoldenFile("tagger_checkpoint", 0)
    for name, tensor in model.state_dict().items():
        checkpoint.add_named(name, tensor.float())
    yield checkpoint


def case(file, name, model, given, tags, with_padding):
    model.zero_grad(set_to_none=True)
    n = len(tags)
    outputs = model(given, n + 1 if with_padding else n)
    emissions = outputs["emissions"]
    if not with_padding:
        emissions = torch.cat([emissions, torch.zeros(1, 1, TAGS)])
    scores = crf.potentials(emissions, model.crf.transitions)
    column = torch.tensor(tags)[:, None]
    loss = (crf.log_partition(scores, torch.ones(n + 1, 1, dtype=torch.bool)) - crf.gold_score(scores, column, [n])).mean()
    loss.backward()
    best_tags, _ = crf.viterbi(scores.detach(), [n])
    file.add(name, "input", tags=torch.tensor(tags), **given)
    file.add(name, "output", loss=loss, best_tags=best_tags[:, 0], **{key: tensor[:, 0] for key, tensor in outputs.items()})
    file.add_gradients(name, model)
