using System.Text;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

/// <summary>An answer with logs, read to its end from memory.</summary>
sealed record LogAnswer(IReadOnlyList<string> Records, IReadOnlyList<long> Sizes, ApiFault? Fault)
{
    public static LogAnswer Read(string body, params int[] pieces) => Read(Encoding.UTF8.GetBytes(body), pieces);

    public static LogAnswer Read(byte[] bytes, IReadOnlyList<int> pieces, long maxBytes = long.MaxValue)
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new PiecewiseStream(bytes, pieces.Count == 0 ? [int.MaxValue] : pieces)) };
        using var body = new BoundedBody(response, maxBytes, TimeSpan.FromMinutes(1), TimeProvider.System, takesPart: false, default);
        using var reader = new LogAnswerReader(body);
        var records = new List<string>();
        var sizes = new List<long>();
        while (Next(reader))
        {
            records.Add(Encoding.UTF8.GetString(reader.Record.Span));
            sizes.Add(reader.RecordSize);
        }

        Assert.That(reader.Records, Is.EqualTo(records.Count));
        return new LogAnswer(records, sizes, body.Fault);
    }

    // The stream never waits.
    static bool Next(LogAnswerReader reader)
    {
        var next = reader.NextAsync().AsTask();
        Assert.That(next.IsCompleted, Is.True);
        return next.GetAwaiter().GetResult();
    }
}
