namespace LdNetGpu.Train.Data;

/// <summary>
/// A sentence of a file. Its words stand in consecutive lines of a CoNLL file, so word i is in line
/// <c>FirstLine + i</c>.
/// </summary>
/// <param name="Words">As written, see <see cref="ConllOptions"/> for the two exceptions.</param>
/// <param name="Tags">One a word; null where the file was read without labels.</param>
/// <param name="FirstLine">The line of the first word, counted from 1.</param>
/// <param name="DocumentIndex">The document it belongs to, counted from 0; <c>-DOCSTART-</c> lines are the
/// borders.</param>
public sealed record Sentence(string[] Words, string[]? Tags, int FirstLine, int DocumentIndex);
