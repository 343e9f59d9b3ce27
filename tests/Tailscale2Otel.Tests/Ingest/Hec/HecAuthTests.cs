using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecAuthTests
{
    [TestCase("Splunk old", 0)]
    [TestCase("Splunk new", 0)]
    [TestCase("BEARER new", 0)]
    [TestCase("new", 0)]
    [TestCase("Splunk NEW", 4)]
    [TestCase("Splunk ne", 4)]
    [TestCase("Splunk newer", 4)]
    [TestCase("Splunk", 3)]
    [TestCase("something", 3)]
    public void Any_of_several_tokens_will_do(string header, int code) => Assert.That(Check(header: header), Is.EqualTo(code));

    [TestCase("user:new", 0)]
    [TestCase("new:", 0)]
    [TestCase("new", 0)]
    [TestCase(":new", 0)]
    [TestCase("new:wrong", 4)]
    [TestCase(":", 4)]
    [TestCase("user:new:more", 4)]
    public void Basic_carries_the_token_as_password_or_alone_as_user(string pair, int code) =>
        Assert.That(Check(header: "basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pair))), Is.EqualTo(code));

    [TestCase(null, "new", 0)]
    [TestCase(null, "wrong", 4)]
    [TestCase("Splunk new", "wrong", 0)]
    [TestCase("Splunk wrong", "new", 4)]
    public void A_query_token_counts_where_it_is_allowed_and_the_header_says_nothing(string? header, string query, int code) =>
        Assert.That(Check(allowQuery: true, header: header, query: query), Is.EqualTo(code));

    [TestCase("Splunk new", "wrong", 4)]
    [TestCase("Splunk new", "old", 16)]
    [TestCase(null, "old", 16)]
    public void A_query_token_is_refused_where_it_is_not_allowed(string? header, string query, int code) =>
        Assert.That(Check(header: header, query: query), Is.EqualTo(code));

    [Test]
    public void Two_headers_are_none()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = new[] { "Splunk new", "Splunk new" };
        Assert.That(Auth().Check(context.Request, null, out _)?.Code, Is.EqualTo(3));
    }

    [Test]
    public void A_header_of_many_kilobytes_is_not_looked_at() => Assert.That(Check(header: "Splunk " + new string('n', 10_000)), Is.EqualTo(3));

    static HecAuth Auth(bool allowQuery = false) => new([new HecDoor("", "", [new Secret("old"), new Secret("new")])], allowQuery);

    /// <summary>0 is permission.</summary>
    static int Check(bool allowQuery = false, string? header = null, string? query = null)
    {
        var context = new DefaultHttpContext();
        if (header is not null)
            context.Request.Headers.Authorization = header;
        if (query is not null)
            context.Request.QueryString = new QueryString($"?token={query}");
        return Auth(allowQuery).Check(context.Request, null, out _)?.Code ?? 0;
    }
}
