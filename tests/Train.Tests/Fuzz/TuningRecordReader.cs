using System.Text;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>Records of tuning: what is read is written and read again as it was.</summary>
static class TuningRecordReader
{
    public static FuzzedReader Reader()
    {
        byte[] Recorded(string name) =>
            File.ReadAllBytes(RepositoryRoot.Combine("tests", "Autograd.Tests", "Tuning", "Recorded", name));
        return new([Recorded("row_sums.json"), Recorded("products.json")], bytes =>
        {
            var record = TuningRecord.Parse(Encoding.UTF8.GetString(bytes), "record.json");
            var json = record.ToJson();
            Assert.Equal(json, TuningRecord.Parse(json, "record.json").ToJson());
        });
    }
}
