"""crf: linear-chain CRF in the published formulation, and the same numbers in the form that this project's kernels take.

Published form. A sentence of n words has n + 1 positions. Position t has potentials [from, to] = emission[t, to] + transition[from, to].
Position 0 is read in row <s>; position n, whose input is padding, is read in column <eof> and so also carries an emission of the end
tag, emission[n, <eof>]. With K tags <s> is K-2 and <eof> is K-1; both are ordinary tags in between, allowed unless a score forbids.
The loss is the sum over the sentences of log Z - score, divided by the number of sentences.

Our form. The score is the sum over the n words of emission[t, y_t] + transition[y_{t-1}, y_t], plus transition[y_n, <eof>] without an
emission. The emission of the end tag is a constant of each sentence, the same on every path: loss, gradients and best paths agree, and
log Z and scores differ by it alone. In case `zero_end_emission` it is 0, so that these agree too; in `end_emission` it is random.
"""
import torch

from .golden_file import GoldenFile, normal


def potentials(emissions, transitions):
    """[positions, B, K] and [K, K] -> [positions, B, from, to]."""
    return emissions[:, :, None, :] + transitions


def log_partition(scores, mask):
    """log Z of each sentence, [B]; mask [positions, B] says which positions are real, the end's among them."""
    tags = scores.shape[-1]
    alpha = scores[0, :, tags - 2, :]
    for t in range(1, len(scores)):
        alpha = torch.where(mask[t, :, None], torch.logsumexp(alpha[:, :, None] + scores[t], 1), alpha)
    return alpha[:, tags - 1]


def gold_score(scores, tags, lengths):
    """Score of each sentence's tags [T, B], [B]."""
    start, end = scores.shape[-1] - 2, scores.shape[-1] - 1
    result = []
    for b, length in enumerate(lengths):
        path = [start] + tags[:length, b].tolist() + [end]
        result.append(sum(scores[t, b, path[t], path[t + 1]] for t in range(length + 1)))
    return torch.stack(result)


def viterbi(scores, lengths):
    """Best tags [T, B] (-1 where padded) and their scores [B]."""
    steps, batch, count = len(scores) - 1, scores.shape[1], scores.shape[-1]
    tags = torch.full((steps, batch), -1)
    best = []
    for b, length in enumerate(lengths):
        delta, pointers = scores[0, b, count - 2], []
        for t in range(1, length + 1):
            delta, pointer = (delta[:, None] + scores[t, b]).max(0)
            pointers.append(pointer)
        best.append(delta[count - 1])
        tag = count - 1
        for t in range(length - 1, -1, -1):
            tag = pointers[t][tag].item()
            tags[t, b] = tag
    return tags, torch.stack(best)


def marginals(scores, mask):
    """d log Z / d emission = P(y_t = k), [positions, B, K]."""
    shift = torch.zeros(scores.shape[:2] + scores.shape[-1:], requires_grad=True)
    return torch.autograd.grad(log_partition(scores.detach() + shift[:, :, None, :], mask).sum(), shift)[0]


def files():
    file = GoldenFile("crf", 401)
    lengths, count = [4, 6, 1, 5], 7
    steps, batch = max(lengths), len(lengths)
    tags = torch.randint(0, count - 2, (steps, batch))
    emissions, transitions = normal(steps + 1, batch, count), normal(count, count)
    end_emissions = normal(batch)
    case(file, "zero_end_emission", emissions, transitions, tags, lengths, torch.zeros(batch))
    case(file, "end_emission", emissions, transitions, tags, lengths, end_emissions)
    case(file, "large_scores", emissions * 256, transitions * 64, tags, lengths, torch.zeros(batch))
    yield file


def case(file, name, emissions, transitions, tags, lengths, end_emissions):
    count = emissions.shape[-1]
    emissions = emissions.clone()
    for b, length in enumerate(lengths):
        emissions[length, b] = 0
        emissions[length, b, count - 1] = end_emissions[b]
    emissions.requires_grad_()
    transitions = transitions.clone().requires_grad_()
    mask = torch.arange(len(emissions))[:, None] <= torch.tensor(lengths)

    scores = potentials(emissions, transitions)
    partition, gold = log_partition(scores, mask), gold_score(scores, tags, lengths)
    loss = (partition - gold).mean()
    loss.backward()
    best_tags, best_scores = viterbi(scores.detach(), lengths)

    real = (torch.arange(len(tags))[:, None] < torch.tensor(lengths)).long()
    file.add(name, "input", emissions=emissions, lengths=torch.tensor(lengths), tags=tags * real - (1 - real))
    file.add_named(f"{name}/parameter/transitions", transitions)
    file.add(name, "output", loss=loss, log_partition=partition, score=gold, marginals=marginals(scores, mask)[:-1] * real[:, :, None],
             best_tags=best_tags, best_scores=best_scores)
    file.add(name, "gradient", emissions=emissions.grad, transitions=transitions.grad)
