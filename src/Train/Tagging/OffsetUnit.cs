using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>What places in a text are counted in.</summary>
/// <param name="IsUtf16">UTF-16 code units; else Unicode code points.</param>
readonly record struct OffsetUnit(bool IsUtf16)
{
    public const string CodePoints = "codepoints", Utf16 = "utf16";

    public long Of(TextPosition position) => IsUtf16 ? position.Utf16 : position.CodePoints;
}
