using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Ingest;

namespace Tailscale2Otel.Tests.Ingest;

public sealed class OpenAccessTests
{
    [TestCase("Host", "localhost:8088")]
    [TestCase("Host", "127.0.0.1:8088")]
    [TestCase("Host", "127.9.9.9")]
    [TestCase("Host", "[::1]:8088")]
    [TestCase("Content-Type", "application/json; charset=utf-8")]
    [TestCase("Sec-Fetch-Site", "same-origin")]
    [TestCase("Sec-Fetch-Mode", "cors")]
    [TestCase("Sec-Fetch-Dest", "empty")]
    [TestCase("User-Agent", "curl")]
    public void A_local_tool_is_served(string header, string value) => Assert.That(Check(header, value), Is.EqualTo(OpenAccessVerdict.Open));

    [TestCase("Host", "evil.example:8088")]
    [TestCase("Host", "192.0.2.1")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://localhost")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Sec-Fetch-Mode", "no-cors")]
    [TestCase("Sec-Fetch-Dest", "image")]
    [TestCase("Content-Type", "text/plain;charset=UTF-8")]
    [TestCase("Content-Type", "TEXT/plain")]
    [TestCase("Content-Type", "application/x-www-form-urlencoded")]
    [TestCase("Content-Type", "multipart/form-data; boundary=x")]
    [TestCase("Content-Type", "what is this")]
    public void What_a_web_page_could_send_is_not(string header, string value) => Assert.That(Check(header, value), Is.EqualTo(OpenAccessVerdict.CrossSite));

    [Test]
    public void Other_addresses_are_never_served() =>
        Assert.That(Check("Host", "localhost", isLoopback: false), Is.EqualTo(OpenAccessVerdict.Closed));

    static OpenAccessVerdict Check(string header, string value, bool isLoopback = true)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = "localhost";
        context.Request.Headers[header] = value;
        return OpenAccess.Check(context.Request, isLoopback);
    }
}
