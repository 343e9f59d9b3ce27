using System.Text;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

public sealed class CompactJsonTests
{
    [TestCase(""" { "b" : [ 1 , 2.0 ] , "a" : "x  y" } """, """{"b":[1,2.0],"a":"x  y"}""")]
    [TestCase(@"[ ""a \"" b"" , ""\\"" , 1 ]", @"[""a \"" b"",""\\"",1]")]
    [TestCase("\t\r\n null ", "null")]
    public void Drops_only_the_space_between_tokens(string json, string compact)
    {
        using var output = new PooledBytes();
        CompactJson.Write(Encoding.UTF8.GetBytes(json), output);
        Assert.That(Encoding.UTF8.GetString(output.Written), Is.EqualTo(compact));
    }
}
