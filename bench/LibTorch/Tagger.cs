using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LdNetGpu.Bench.Torch;

/// <summary>What the tagger reads: sentences of words of six characters, the sixth a space.</summary>
/// <param name="Characters">[characters, batch].</param>
/// <param name="WordEnds">Rows of the characters' LSTM that words end at, [words · batch].</param>
/// <param name="Words">[words, batch].</param>
/// <param name="LanguageModelWords">[words, batch].</param>
/// <param name="Reversal">Turns the backward model's output round, [words · batch].</param>
sealed record TaggerInput(Tensor Characters, Tensor WordEnds, Tensor Words, Tensor LanguageModelWords, Tensor Reversal)
{
    const int CharactersPerWord = 6;

    public static TaggerInput Random(int words, int batch)
    {
        var ends = (arange(1, words + 1).unsqueeze(1) * CharactersPerWord - 1).mul(batch).add(arange(batch)).view(-1);
        return new(
            randint(0, Tagger.Characters, [words * CharactersPerWord, batch]), ends,
            Zipf(words * batch, Tagger.Words).view(words, batch),
            Zipf(words * batch, Tagger.LanguageModelWords).view(words, batch),
            arange(words * batch - 1, -1, -1));
    }

    // Ids with a Zipf law, as ids sorted by frequency have.
    static Tensor Zipf(int count, int vocabulary) =>
        (pow(vocabulary, rand(count)) - 1).to(ScalarType.Int64).clamp(0, vocabulary - 1);
}

/// <summary>The paper's tagger with both language models, frozen; gives potentials [words, batch, from, to].</summary>
sealed class Tagger : nn.Module<TaggerInput, Tensor>
{
    public const int Tags = 19, Characters = 90, Words = 400_000, LanguageModelWords = 200_000;

    readonly Embedding characters = nn.Embedding(Characters, 30), words = nn.Embedding(Words, 100);
    readonly Embedding forwardWords = nn.Embedding(LanguageModelWords, 300);
    readonly Embedding backwardWords = nn.Embedding(LanguageModelWords, 300);
    readonly LSTM forwardCharacters = nn.LSTM(30, 150), backwardCharacters = nn.LSTM(30, 150);
    readonly LSTM recurrent = nn.LSTM(300, 150, bidirectional: true);
    readonly DenseLstm forwardModel, backwardModel;
    readonly Linear characterProjection = nn.Linear(300, 100), modelProjection, output = nn.Linear(300, Tags);
    readonly Parameter transitions = nn.Parameter(zeros(Tags, Tags));
    readonly Dropout dropout = nn.Dropout(0.5);

    public Tagger(int layers) : base(nameof(Tagger))
    {
        (forwardModel, backwardModel) = (new(layers), new(layers));
        modelProjection = nn.Linear(2 * forwardModel.Width, 100);
        foreach (var frozen in (nn.Module[])[forwardWords, backwardWords, forwardModel, backwardModel])
            foreach (var parameter in frozen.parameters()) parameter.requires_grad = false;
        RegisterComponents();
    }

    public override Tensor forward(TaggerInput input)
    {
        var (steps, batch) = (input.Words.shape[0], input.Words.shape[1]);
        Tensor AtWordEnds(LSTM lstm) => lstm.call(dropout.call(characters.call(input.Characters))).Item1
            .view(-1, 150).index_select(0, input.WordEnds).view(steps, batch, 150);
        var bothWays = cat([AtWordEnds(forwardCharacters), AtWordEnds(backwardCharacters)], 2);
        var ofCharacters = characterProjection.call(dropout.call(bothWays));
        var ahead = forwardModel.call(forwardWords.call(input.LanguageModelWords));
        var behind = backwardModel.call(backwardWords.call(input.LanguageModelWords))
            .view(steps * batch, -1).index_select(0, input.Reversal).view(steps, batch, -1);
        var ofModels = nn.functional.relu(modelProjection.call(dropout.call(cat([ahead, behind], 2))));
        var hidden = recurrent.call(dropout.call(cat([ofCharacters, ofModels, words.call(input.Words)], 2))).Item1;
        return output.call(dropout.call(hidden)).unsqueeze(2) + transitions;
    }
}
