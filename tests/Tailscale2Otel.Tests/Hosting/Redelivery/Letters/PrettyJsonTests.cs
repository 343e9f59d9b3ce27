using System.Text;
using Tailscale2Otel.Hosting.Redelivery.Letters;

namespace Tailscale2Otel.Tests.Hosting.Redelivery.Letters;

public sealed class PrettyJsonTests
{
    [TestCase("""{"a":1,"b" : [true,null, "x\n"],"c":{}}""", """
          {
            "a": 1,
            "b": [
              true,
              null,
              "x\n"
            ],
            "c": {}
          }
        """)]
    [TestCase("""[[],[1]]""", """
          [
            [],
            [
              1
            ]
          ]
        """)]
    [TestCase("5", "  5")]
    public void One_member_a_line(string json, string expected) =>
        Assert.That(PrettyJson.Format(Encoding.UTF8.GetBytes(json), 10_000), Is.EqualTo(expected.ReplaceLineEndings("\n")));

    [TestCase("""["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]""")]
    [TestCase("[1,2,3,4,5,6,7,8,9,10,11,12,13,14]")]
    public void A_long_one_is_cut(string json) =>
        Assert.That(PrettyJson.Format(Encoding.UTF8.GetBytes(json), 30), Has.Length.LessThan(45).And.EndWith("…"));

    [Test]
    public void Nothing_in_it_reaches_the_terminal_raw() =>
        Assert.That(PrettyJson.Format("\"\u009b31m\u007f\u202e\""u8, 100), Is.EqualTo(@"  ""\u009b31m\u007f\u202e"""));
}
