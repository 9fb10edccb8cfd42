using static TorchSharp.torch;

namespace LdNetGpu.Bench.Torch;

/// <summary>A linear-chain CRF over potentials [steps, batch, from, to]; the last two tags are start and end.</summary>
static class Crf
{
    /// <summary>Mean negative log-likelihood.</summary>
    /// <param name="target">Pairs of tags as from · tags + to, [steps, batch].</param>
    public static Tensor Loss(Tensor potentials, Tensor target, Tensor mask)
    {
        var (steps, batch, tags) = (potentials.shape[0], potentials.shape[1], potentials.shape[2]);
        var chosen = potentials.view(steps, batch, -1).gather(2, target.unsqueeze(2)).squeeze(2);
        var gold = chosen.masked_select(mask).sum();
        var partition = potentials[0].select(1, tags - 2);
        for (var step = 1; step < steps; step++)
        {
            var next = logsumexp(potentials[step] + partition.unsqueeze(2), 1);
            partition = where(mask[step].unsqueeze(1), next, partition);
        }
        return (partition.select(1, tags - 1).sum() - gold) / batch;
    }

    /// <summary>The best tags, [steps, batch].</summary>
    public static Tensor Viterbi(Tensor potentials, Tensor mask)
    {
        var (steps, tags) = (potentials.shape[0], potentials.shape[2]);
        var score = potentials[0].select(1, tags - 2);
        var back = new List<Tensor>();
        for (var step = 1; step < steps; step++)
        {
            (score, var best) = (potentials[step] + score.unsqueeze(2)).max(1);
            back.Add(best.masked_fill(mask[step].unsqueeze(1).logical_not(), tags - 1));
        }
        var path = new List<Tensor> { back[^1].select(1, tags - 1) };
        for (var step = back.Count - 2; step >= 0; step--)
            path.Add(back[step].gather(1, path[^1].unsqueeze(1)).squeeze(1));
        path.Reverse();
        return stack(path);
    }
}
