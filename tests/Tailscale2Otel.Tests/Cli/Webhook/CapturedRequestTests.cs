using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Cli.Webhook;

namespace Tailscale2Otel.Tests.Cli.Webhook;

public sealed class CapturedRequestTests
{
    static readonly string[] Pieces =
        ["POST / HTTP/1.1", "GET", "\r\n", "\n", "\r\n\r\n", "\n\n", "A: b", "Content-Length: ", "5", "-1", "99999999999", "Transfer-Encoding: chunked", "3\r\nabc\r\n", "0\r\n\r\n", "FFFFFFFF\r\n", ":", " ", "é", "\0", "[]"];

    [TestCase("POST /x HTTP/1.1\r\nHost: h\r\nX-A: 1 \r\nContent-Length: 2\r\n\r\n[]", "[]", 0, 0)]
    [TestCase("POST /x HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 2\n\n[]", "[]", 0, 0)]
    [TestCase("Host: h\r\nx-a: 1\r\n\r\n[]", "[]", 0, 0)]
    [TestCase("x-a:1\n\n[]", "[]", 0, 0)]
    [TestCase("E..(..@.P.HT....POST /x HTTP/1.1\r\nX-A: 1\r\n\r\n[]", "[]", 0, 0)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n[]\n", "[]", 1, 0)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n[]", "[]", 0, 3)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\n\r\n[\n\n]\n", "[\n\n]\n", 0, 0)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1;x=y\r\n]\r\n0\r\n\r\n", "[]", 0, 0)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n[]", "[]", 0, 0)]
    [TestCase("POST /x HTTP/1.1\r\nX-A: 1\r\n\r\n", "", 0, 0)]
    public void Head_and_body_are_taken_apart(string capture, string body, int behind, int missing)
    {
        var request = CapturedRequest.Parse(Encoding.UTF8.GetBytes(capture));

        Assert.That(request.HasHead);
        Assert.That((request.Header("X-A"), Encoding.UTF8.GetString(request.Body.Span)), Is.EqualTo(("1", body)));
        Assert.That((request.BytesBehind, request.BytesMissing), Is.EqualTo((behind, missing)));
    }

    [Test]
    public void Several_headers_of_one_name_are_one_list() =>
        Assert.That(CapturedRequest.Parse("A: 1\na: 2\n\n"u8.ToArray()).Header("A"), Is.EqualTo("1,2"));

    [TestCase("")]
    [TestCase("[{\"type\":\"test\"}]")]
    [TestCase("[{\"type\":\n\n1}]")]
    [TestCase("POST /x HTTP/1.1\r\nA: 1")]
    [TestCase("POST /x HTTP/1.1\r\n\r\n[]")]
    public void What_is_no_request_has_no_head(string capture) => Assert.That(CapturedRequest.Parse(Encoding.UTF8.GetBytes(capture)).HasHead, Is.False);

    [Test]
    public void No_capture_throws() => Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true),
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p))).ToArbitrary(), capture => CapturedRequest.Parse(capture).Body.Length <= capture.Length));
}
