using LdNetGpu.Model;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Readings of a sentence that was tagged in pieces, each by itself: any reading of one goes with any of another, and
/// their probabilities multiply.
/// </summary>
static class PieceReadings
{
    /// <summary>The most likely readings of the whole sentence, the best one first.</summary>
    /// <param name="pieces">Each piece's readings, the best one first; one piece at least.</param>
    /// <param name="most">Readings of the result at most.</param>
    public static TaggerReading[] Join(IReadOnlyList<TaggerReading[]> pieces, int most)
    {
        if (pieces.Count == 1) return pieces[0];
        List<Chain> best = [.. pieces[0].Select(reading => new Chain(null, reading, reading.LogProbability ?? 0))];
        foreach (var piece in pieces.Skip(1)) best = Longer(best, piece, most);
        return [.. best.Select(Whole)];
    }

    static List<Chain> Longer(List<Chain> chains, TaggerReading[] piece, int most)
    {
        var longer = new List<Chain>();
        // Chain i with reading j comes behind (i + 1)(j + 1) - 1 that are no less likely.
        for (var i = 0; i < chains.Count; i++)
            for (var j = 0; j < piece.Length && (i + 1L) * (j + 1) <= most; j++)
                longer.Add(new(chains[i], piece[j], chains[i].LogProbability + (piece[j].LogProbability ?? 0)));
        return [.. longer.OrderByDescending(chain => chain.LogProbability).Take(most)];
    }

    static TaggerReading Whole(Chain last)
    {
        var readings = new Stack<TaggerReading>();
        for (var chain = last; chain is not null; chain = chain.Before) readings.Push(chain.Reading);
        return new([.. readings.SelectMany(reading => reading.Tags)],
            readings.All(reading => reading.LogProbability is not null) ? last.LogProbability : null,
            readings.All(reading => reading.Confidence is not null)
                ? [.. readings.SelectMany(reading => reading.Confidence!)] : null);
    }

    /// <summary>A reading of a piece behind readings of the pieces before it.</summary>
    /// <param name="Before">Null for the first piece.</param>
    /// <param name="Reading">Of the last piece.</param>
    /// <param name="LogProbability">Of all of them together.</param>
    sealed record Chain(Chain? Before, TaggerReading Reading, double LogProbability);
}
