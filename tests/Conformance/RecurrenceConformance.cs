using System.Numerics;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    public static TheoryData<RecurrentUnit, bool, bool, bool> Recurrences
    {
        get
        {
            var data = new TheoryData<RecurrentUnit, bool, bool, bool>();
            foreach (var unit in Enum.GetValues<RecurrentUnit>())
                for (var bits = 0; bits < 8; bits++) data.Add(unit, (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0);
            return data;
        }
    }

    [Theory, MemberData(nameof(Recurrences))]
    public void RecurrencesAndTheirGradients(RecurrentUnit unit, bool reverse, bool withLengths, bool withStates) =>
        RecurrenceAgrees(new(unit, 4, 5, 7, reverse), withLengths ? [3, 0, 4, 1, 2] : null, withStates);

    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 0, 2)]
    [InlineData(2, 37, 19)]
    public void RecurrencesOfOddSizes(int steps, int batch, int hidden) =>
        RecurrenceAgrees(new(RecurrentUnit.Lstm, steps, batch, hidden), null, withStates: true);

    void RecurrenceAgrees(RecurrenceShape shape, int[]? lengthValues, bool withStates)
    {
        var (unit, steps, batch, hidden, _) = shape;
        var traits = unit.Traits();
        var (rows, width) = (steps * batch, traits.Gates * hidden);
        var (hasCell, hasCandidate) = (traits.HasCell, traits.HasCandidate);
        var lengths = lengthValues is null ? null : new IndexOperand(lengthValues);
        var (gates, weight, bias) =
            (Operand.Random(rows, width, 1, gap: 3), Operand.Random(width, hidden, 2, gap: 1),
                hasCandidate ? Operand.Random(1, width, 3) : null);
        var (initialHidden, initialCell) =
            (withStates ? Operand.Random(batch, hidden, 4, gap: 2) : null,
                withStates && hasCell ? Operand.Random(batch, hidden, 5) : null);
        // Wherever a padded step is not written, both sides start from the same values.
        var (output, saved) = (Operand.Filled(rows, hidden, 9, gap: 5),
            traits.Saves ? Operand.Filled(rows, hidden, 0) : null);
        var (finalHidden, finalCell) = (Operand.Filled(batch, hidden, 9, gap: 1),
            hasCell ? Operand.Filled(batch, hidden, 9) : null);
        var (cotangent, finalHiddenCotangent) = (Operand.Random(rows, hidden, 6, gap: 4),
            withStates ? Operand.Random(batch, hidden, 7) : null);
        var finalCellCotangent = withStates && hasCell ? Operand.Random(batch, hidden, 8) : null;
        var (weightGradient, biasGradient) = (Operand.Random(width, hidden, 9, gap: 2),
            hasCandidate ? Operand.Random(1, width, 10) : null);
        var (initialHiddenGradient, initialCellGradient) =
            (withStates ? Operand.Filled(batch, hidden, 9) : null,
                withStates && hasCell ? Operand.Filled(batch, hidden, 9) : null);

        Forward(Ours);
        Forward(Reference);
        foreach (var result in new[] { output, finalHidden, finalCell }) if (result is not null)
            Check(result, k: 32 + hidden);
        Backward(Ours);
        Backward(Reference);
        foreach (var result in new[] { gates, weightGradient, biasGradient, initialHiddenGradient,
            initialCellGradient })
            if (result is not null) Check(result, k: 64 + 8 * hidden, scale: 4);

        void Forward<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Recurrence.Forward(new RecurrenceForward<TNumber>
            {
                Shape = shape, Lengths = side[lengths], Gates = side[gates], RecurrentWeight = side[weight],
                RecurrentBias = side[bias],
                InitialHidden = side[initialHidden], InitialCell = side[initialCell],
                Hidden = side[output], Saved = side[saved], FinalHidden = side[finalHidden],
                FinalCell = side[finalCell],
            });

        void Backward<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Recurrence.Backward(new RecurrenceBackward<TNumber>
            {
                Shape = shape, Lengths = side[lengths], Gates = side[gates], RecurrentWeight = side[weight],
                InitialHidden = side[initialHidden], InitialCell = side[initialCell], Hidden = side[output],
                Saved = side[saved],
                HiddenGradient = side[cotangent], FinalHiddenGradient = side[finalHiddenCotangent],
                FinalCellGradient = side[finalCellCotangent],
                RecurrentWeightGradient = side[weightGradient], RecurrentBiasGradient = side[biasGradient],
                InitialHiddenGradient = side[initialHiddenGradient], InitialCellGradient = side[initialCellGradient],
            });
    }

    [Theory, MemberData(nameof(Recurrences))]
    public void RecurrencesOfInputProductsThatRepeat(RecurrentUnit unit, bool reverse, bool withLengths,
        bool withStates)
    {
        const int Steps = 4, Batch = 5, Hidden = 7;
        var width = unit.Traits().Gates * Hidden;
        var lengths = withLengths ? new IndexOperand(3, 0, 4, 1, 2) : null;
        var places = new IndexOperand([.. Enumerable.Range(0, Steps * Batch).Select(row => row * row % 6)]);
        var (gates, weight, bias) = (Operand.Random(6, width, 1, gap: 3), Operand.Random(width, Hidden, 2, gap: 1),
            unit.Traits().HasCandidate ? Operand.Random(1, width, 3) : null);
        var initialHidden = withStates ? Operand.Random(Batch, Hidden, 4, gap: 2) : null;
        var (output, finalHidden) = (Operand.Filled(Steps * Batch, Hidden, 9, gap: 5),
            Operand.Filled(Batch, Hidden, 9, gap: 1));
        Forward(Ours);
        Forward(Reference);
        foreach (var result in new[] { output, finalHidden, gates }) Check(result, k: 32 + Hidden);

        void Forward<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Recurrence.Forward(new RecurrenceForward<TNumber>
            {
                Shape = new(unit, Steps, Batch, Hidden, reverse), Lengths = side[lengths], Gates = side[gates],
                InputRows = side[places],
                RecurrentWeight = side[weight], RecurrentBias = side[bias],
                InitialHidden = side[initialHidden], Hidden = side[output], FinalHidden = side[finalHidden],
            });
    }

    [Fact]
    public void LengthsBeyondTheStepsAreRefused()
    {
        var (gates, weight, output, lengths) = (Operand.Random(4, 3, 1), Operand.Random(3, 3, 2),
            Operand.Filled(4, 3, 0), new IndexOperand(2, 3));
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Recurrence.Forward(new RecurrenceForward<TNumber>
            {
                Shape = new(RecurrentUnit.Tanh, 2, 2, 3), Lengths = side[lengths], Gates = side[gates],
                RecurrentWeight = side[weight], Hidden = side[output],
            });
    }
}
