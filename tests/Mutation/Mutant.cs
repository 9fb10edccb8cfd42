namespace LdNetGpu.Mutation;

/// <summary>Kinds of faults that are planted.</summary>
enum FaultKind
{
    /// <summary>A term, factor, store or call is left out.</summary>
    DroppedTerm,

    /// <summary>+ for -, - for +, a minus left out.</summary>
    WrongSign,

    /// <summary>One further on, row for column, one pass of a loop too many or too few, a stride left out.</summary>
    WrongIndex,

    /// <summary>A barrier is left out.</summary>
    MissingBarrier,

    /// <summary><c>=</c> where it must be <c>+=</c>.</summary>
    PlainAssignment,
}

/// <summary>What a method is to the score.</summary>
enum Part
{
    /// <summary>A kernel, or a function that one calls.</summary>
    Kernels,

    /// <summary>A backward pass.</summary>
    Backward,

    /// <summary>The processor's own code.</summary>
    Cpu,
}

/// <summary>One fault at one place.</summary>
/// <param name="Id">From 1 on: what switches it on.</param>
/// <param name="File">Below src.</param>
/// <param name="Line">From 1.</param>
/// <param name="Member">Class and method.</param>
/// <param name="From">The text that is replaced.</param>
/// <param name="To">What replaces it; "" where it is left out.</param>
sealed record Mutant(int Id, Part Part, FaultKind Kind, string File, int Line, string Member, string From, string To)
{
    /// <summary>Which of several alike in one line, from 1.</summary>
    public int Number { get; init; } = 1;

    public override string ToString() => To.Length == 0 ? $"{File}:{Line} {Member}: {Kind}: {From} left out"
        : $"{File}:{Line} {Member}: {Kind}: {From} becomes {To}";
}

/// <summary>What became of a mutant.</summary>
enum Verdict
{
    /// <summary>A test failed that passes without the fault, and passes again once it is off.</summary>
    Killed,

    /// <summary>A test took ten times as long and more, or ended the process.</summary>
    TimedOut,

    /// <summary>Every test that runs the place passed.</summary>
    Survived,

    /// <summary>No test runs the place.</summary>
    NotCovered,
}

/// <summary>A mutant and what became of it.</summary>
/// <param name="By">The test that failed, or was running.</param>
/// <param name="Reason">Why it is no fault, or none that a test could find; null where that is not known.</param>
sealed record Outcome(Mutant Mutant, Verdict Verdict, string By, string? Reason = null)
{
    public bool IsCaught => Verdict is Verdict.Killed or Verdict.TimedOut;
}
