using System.IO.Compression;
using System.Text;
using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class TextLinesTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void NumbersLinesAndDropsByteOrderMarkAndCarriageReturns()
    {
        var path = files.Write("text", "\uFEFFeins\r\n\r\nzwei ü 😀\nlast");
        Assert.Equal([new("eins", 1), new("", 2), new("zwei ü 😀", 3), new("last", 4)], TextLines.Read(path));
    }

    [Theory]
    [InlineData("a\rb\r\rc", "a|b||c")]
    [InlineData("a\rb\r", "a|b")]
    // One line feed, and a carriage return belongs to its line.
    [InlineData("a\rb\nc\r\n", "a\rb|c")]
    [InlineData("a\r\r\nb\r\n", "a\r|b")]
    [InlineData("\r", "")]
    public void CarriageReturnsAloneEndLinesWhereNothingElseDoes(string text, string lines)
    {
        Assert.Equal(lines.Split('|'), TextLines.Read(files.Write("mac", text)).Select(line => line.Text));
        // However few bytes come at once.
        using var slow = new OneByteStream(Encoding.UTF8.GetBytes(text));
        Assert.Equal(lines.Split('|'), TextLines.Read(slow, "slow").Select(line => line.Text));
    }

    [Fact]
    public void LongTextOfCarriageReturnsIsReadByItsLines()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\r"));
        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => i.ToString()),
            TextLines.Read(files.Write("mac", text)).Select(line => line.Text));
    }

    [Fact]
    public void LinesLongerThanTheBufferAreWhole()
    {
        var word = new string('é', 150_000);
        var path = files.Write("text", $"a\n{word}\nb\n");
        Assert.Equal(["a", word, "b"], TextLines.Read(path).Select(line => line.Text));
    }

    [Fact]
    public void GzipIsToldByItsBytesNotItsName()
    {
        Assert.Equal(["a", "b"], TextLines.Read(files.Write("plain.txt", Gzip("a\nb\n"))).Select(line => line.Text));
        Assert.Equal(["a"], TextLines.Read(files.Write("not-zipped.gz", "a\n")).Select(line => line.Text));
        Assert.Equal(["a"], TextLines.Read(new MemoryStream(Gzip("a")), "input").Select(line => line.Text));
    }

    [Fact]
    public void EmptyFileHasNoLines() => Assert.Empty(TextLines.Read(files.Write("empty", "")));

    [Fact]
    public void BrokenByteIsNamedByFileLineAndByte() =>
        Refused(() => Drain(files.Write("latin1", [.. "good\nca"u8, 0xE9, .. "\n"u8])),
            "latin1, line 2, byte 3: 0xE9 is not UTF-8");

    [Fact]
    public void CharacterCutOffAtTheLineEndIsBroken() =>
        Refused(() => Drain(files.Write("cut", [.. "ab"u8, 0xC3, .. "\nx"u8])), "line 1, byte 3: 0xC3");

    [Fact]
    public void BinaryFileIsRefused() =>
        Refused(() => Drain(files.Write("binary", [.. "a\nb"u8, 0, 1, 2])), "line 2, byte 2", "binary file");

    [Fact]
    public void Utf16IsNamed() =>
        Refused(
            () => Drain(files.Write("wide", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("word O\n")])),
            "UTF-16");

    [Fact]
    public void TruncatedGzipIsRefused()
    {
        var whole = Gzip(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i * 7919 % 5003}\n")));
        Refused(() => Drain(files.Write("cut.gz", whole[..(whole.Length / 2)])), "cut.gz", "gzip");
    }

    /// <summary>Wherever it is cut: in its header, its data or its check.</summary>
    [Fact]
    public void EveryPartOfAGzipIsRefused()
    {
        byte[] whole = [.. Gzip("first\n"), .. Gzip("second, a little longer\n")];
        var first = Gzip("first\n").Length;
        for (var length = 2; length < whole.Length; length++)
        {
            if (length == first) continue;
            Refused(() => Drain(files.Write("cut.gz", whole[..length])), "cut.gz", "gzip");
            Refused(() => _ = TextLines.Read(new OneByteStream(whole[..length]), "cut.gz").Count(), "cut.gz", "gzip");
        }
        Assert.Equal(["first", "second, a little longer"],
            TextLines.Read(files.Write("whole.gz", whole)).Select(line => line.Text));
    }

    /// <summary>Of every length, so that the gzip's end meets that of a read.</summary>
    [Fact]
    public void BytesBehindGzipAreRefused()
    {
        var random = new Random(3);
        for (var length = 6100; length < 6150; length++)
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z' + 1)));
            var whole = Gzip(text);
            byte[] two = [.. whole, .. Gzip("\nb")];
            foreach (var read in new Func<byte[], Stream>[] { bytes => new MemoryStream(bytes),
                bytes => new OneByteStream(bytes) })
            {
                Assert.Equal([text], TextLines.Read(read(whole), "whole").Select(line => line.Text));
                Assert.Equal([text, "b"], TextLines.Read(read(two), "two").Select(line => line.Text));
                foreach (var more in new[] { "x"u8.ToArray(), "junk"u8.ToArray(), [0x1F], [0x1F, 0x8B],
                    new byte[9000] })
                    Refused(() => _ = TextLines.Read(read([.. whole, .. more]), "junk.gz").Count(), "junk.gz", "gzip");
            }
        }
    }

    [Fact]
    public void DamagedGzipIsRefused()
    {
        var bytes = Gzip(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i * 7919 % 5003}\n")));
        for (var i = bytes.Length / 2; i < bytes.Length / 2 + 8; i++) bytes[i] ^= 0x5A;
        Refused(() => Drain(files.Write("flipped.gz", bytes)), "flipped.gz", "gzip");
    }

    [Fact]
    public void MissingFileAndFolderAreNamed()
    {
        Refused(() => Drain(files.PathOf("missing.txt")), "missing.txt: no such file");
        Refused(() => Drain(files.Folder), "is a folder");
    }

    [Fact]
    public void LinesAndWordsHaveALimit()
    {
        var path = files.Write("long", $"a b\n{string.Join(' ', Enumerable.Repeat("word", 40))}\n");
        using (new FileReading { MostLineBytes = 199 }.Use()) Assert.Equal(2, TextLines.Read(path).Count());
        using (new FileReading { MostLineBytes = 198 }.Use())
        {
            var error = Assert.Throws<InputLimitException>(() => Drain(path));
            Assert.Equal((path, InputLimit.LineBytes, 2L), (error.File, error.Limit, error.Line));
            Assert.Contains("long, line 2: a line of more than 198 bytes", error.Message);
        }
        using (new FileReading { MostWordBytes = 4 }.Use()) Assert.Equal(2, TextLines.Read(path).Count());
        using (new FileReading { MostWordBytes = 3 }.Use())
        {
            var error = Assert.Throws<InputLimitException>(() => Drain(path));
            Assert.Equal((InputLimit.WordBytes, 2L), (error.Limit, error.Line));
        }
        Assert.Equal(2, TextLines.Read(path).Count());
    }

    [Fact]
    public void ALineWithoutEndIsNotReadToItsEnd()
    {
        var endless = new EndlessStream();
        using var limit = new FileReading { MostLineBytes = 1 << 20 }.Use();
        Refused(() => Assert.Empty(TextLines.Read(endless, "pipe")),
            "pipe, line 1: a line of more than 1,048,576 bytes");
        Assert.InRange(endless.Given, 1 << 20, 2 << 20);
    }

    [Fact]
    public void GzipMadeToFillMemoryIsRefused()
    {
        const int lines = 700;
        var line = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a ", 50_000)) + "\n");
        var bomb = files.PathOf("bomb.gz");
        using (var zip = new GZipStream(File.Create(bomb), CompressionLevel.Optimal))
            for (var i = 0; i < lines; i++) zip.Write(line);
        Assert.InRange(new FileInfo(bomb).Length, 1, 340_000);
        var error = Assert.Throws<InputLimitException>(() => Drain(bomb));
        Assert.Equal((bomb, InputLimit.Inflation, null), (error.File, error.Limit, error.Line));
        using var meant = new FileReading { MostInflation = 2000 }.Use();
        Assert.Equal(lines, TextLines.Read(bomb).Count());
    }

    [Fact]
    public void ReadingStopsWhenItIsCancelled()
    {
        using var source = new CancellationTokenSource();
        using var reading = new FileReading { Cancellation = source.Token }.Use();
        var read = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var line in TextLines.Read(new EndlessStream((byte)'\n'), "pipe"))
            {
                Assert.Empty(line.Text);
                if (++read == 10) source.Cancel();
            }
        });
        Assert.InRange(read, 10, 1 << 17);
    }

    [Fact]
    public async Task LimitsEndWithTheirScopeAndAreNotForOtherWork()
    {
        Task elsewhere;
        using (new FileReading { MostLineBytes = 7 }.Use())
        {
            using (new FileReading { MostLineBytes = 5 }.Use()) Assert.Equal(5, FileReading.Current.MostLineBytes);
            Assert.Equal(7, FileReading.Current.MostLineBytes);
            using (ExecutionContext.SuppressFlow())
                elsewhere = Task.Run(() => Assert.Equal(1 << 24, FileReading.Current.MostLineBytes));
        }
        await elsewhere;
        Assert.Equal(1 << 24, FileReading.Current.MostLineBytes);
        Assert.Equal("MostWordBytes",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FileReading { MostWordBytes = 0 }).ParamName);
    }

    [Fact]
    public void LinesKeepToTheLimitsThatTheyWereAskedForUnder()
    {
        var path = files.Write("long", "words\n");
        IEnumerable<TextLine> narrow, wide = TextLines.Read(path);
        using (new FileReading { MostWordBytes = 1 }.Use())
        {
            narrow = TextLines.Read(path);
            Assert.Single(wide);
        }
        Assert.Throws<InputLimitException>(() => narrow.Count());
    }

    static void Drain(string path) => Assert.NotEqual(-1, TextLines.Read(path).Count());

    sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
