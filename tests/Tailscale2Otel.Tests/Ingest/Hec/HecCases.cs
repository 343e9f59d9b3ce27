using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>
/// The conformance cases, with acknowledgement off, one token and query-string authorization off. Where Splunk leaves a choice,
/// the answer here is the one that we made.
/// </summary>
static class HecCases
{
    const string Good = """{"event":"x"}""";
    const string Unknown = "00000000-0000-0000-0000-0000000000ff";

    public static IEnumerable<HecCase> All => [.. Authorization, .. Events, .. Fields, .. Times, .. Text, .. Requests, .. Encodings, .. Sizes, .. Raw, .. Acks, .. Health, .. Methods];

    static IEnumerable<HecCase> Authorization =>
    [
        Auth("A01", 200, 0, $"Splunk {HecHost.Token}"),
        Auth("A02", 401, 2, null),
        Auth("A03", 200, 0, $"Bearer {HecHost.Token}"),
        Auth("A04", 403, 4, $"Splunk {Unknown}"),
        Auth("A05", 401, 3, "Splunk"),
        Auth("A06", 401, 2, ""),
        Auth("A07", 200, 0, HecHost.Token),
        Auth("A08", 200, 0, $"splunk {HecHost.Token}"),
        Auth("A09", 200, 0, Basic($"anybody:{HecHost.Token}")),
        Auth("A10", 200, 0, Basic($":{HecHost.Token}")),
        Auth("A11", 403, 4, Basic($"anybody:{Unknown}")),
        Auth("A12", 401, 3, "Basic %%%"),
        Auth("A13", 400, 16, null) with { Request = Event(Good) with { Authorization = null, Path = $"/services/collector/event?token={HecHost.Token}" } },
        Auth("A14", 403, 4, null) with { Request = Event(Good) with { Authorization = null, Path = $"/services/collector/event?token={Unknown}" } },
        Auth("A15", 400, 16, null) with { Request = Event(Good) with { Path = $"/services/collector/event?token={HecHost.Token}" } },
        Auth("A16", 200, 0, $"Splunk  {HecHost.Token}"),
        Auth("A17", 200, 0, Basic($"{HecHost.Token}:")),
        Auth("A18", 401, 3, "Digest username=x"),
    ];

    static IEnumerable<HecCase> Events =>
    [
        Takes("E01", "a string", 1, Good),
        Takes("E02", "an object", 1, """{"event":{"a":1}}"""),
        Takes("E03", "a number", 2, """{"event":42}{"event":"x"}"""),
        Takes("E04", "true", 1, """{"event":true}"""),
        Takes("E05", "an array", 1, """{"event":[1,2,3]}"""),
        Refuses("E06", "empty string", 13, 0, """{"event":""}"""),
        Refuses("E07", "null", 12, 0, """{"event":null}"""),
        Refuses("E08", "event missing", 12, 0, """{"time":1}"""),
        Refuses("E09", "empty object", 12, 0, "{}"),
        Takes("E10", "event is an empty object", 1, """{"event":{}}"""),
        Takes("E11", "no separator", 3, Good + Good + Good),
        Takes("E12", "LF between", 3, $"{Good}\n{Good}\n{Good}"),
        Takes("E13", "CRLF between", 3, $"{Good}\r\n{Good}\r\n{Good}\r\n"),
        Takes("E14", "white space around", 2, $" \t\r\n {Good} \t {Good}\n\n "),
        Takes("E15", "array of events", 3, $"[{Good},{Good},{Good}]"),
        Refuses("E16", "commas and no array", 6, 1, $"{Good},{Good}"),
        Refuses("E17", "truncated second", 6, 1, Good + Good[..8]),
        Refuses("E18", "not JSON", 6, 0, "hello"),
        Refuses("E19", "a JSON string", 6, 0, "\"hello\""),
        Refuses("E20", "empty body", 5, -1, ""),
        Refuses("E21", "white space only", 5, -1, " \r\n\t"),
        Refuses("E22", "second of three blank", 13, 1, Good + """{"event":""}""" + Good),
        Refuses("E23", "empty array", 5, -1, "[]"),
        Refuses("E24", "array with a bad element", 6, 1, $"[{Good},7]"),
        Refuses("E51", "rubbish behind", 6, 1, Good + "rubbish"),
        new("E49", "Tailscale's form", 200, 0, 73) { Request = Event(Tailscale(73)) with { Authorization = Basic($"user:{HecHost.Token}"), ContentType = null, Chunked = true } },
        Takes("E50", "the same with Splunk and Content-Length", 73, Tailscale(73)),
    ];

    static IEnumerable<HecCase> Fields =>
    [
        Takes("E25", "flat", 1, """{"event":"x","fields":{"a":"b","n":1}}"""),
        Refuses("E26", "nested object", 15, 0, """{"event":"x","fields":{"a":{"b":1}}}"""),
        Refuses("E27", "an array", 15, 0, """{"event":"x","fields":["a"]}"""),
        Takes("E28", "array value", 1, """{"event":"x","fields":{"a":["b","c"]}}"""),
        Takes("E29", "null", 1, """{"event":"x","fields":null}"""),
        Takes("E39", "metadata of the first only", 2, """{"event":"x","host":"h"}{"event":"y"}"""),
        Takes("E40", "unknown keys", 1, """{"event":"x","unknown":[1,{"a":2}]}"""),
        Takes("E41", "duplicate keys", 1, """{"event":"x","host":"a","event":"y","host":"b"}"""),
    ];

    static IEnumerable<HecCase> Times =>
    [
        Takes("E30", "seconds", 1, """{"time":1785153607,"event":"x"}"""),
        Takes("E31", "fraction", 1, """{"time":1785153607.551,"event":"x"}"""),
        Takes("E32", "string", 1, """{"time":"1785153607.551","event":"x"}"""),
        Takes("E33", "milliseconds", 1, """{"time":1785153607551,"event":"x"}"""),
        Takes("E34", "missing", 1, Good),
        Takes("E35", "null", 1, """{"time":null,"event":"x"}"""),
        Takes("E36", "no number", 1, """{"time":"yesterday","event":"x"}"""),
        Takes("E37", "negative", 1, """{"time":-5,"event":"x"}"""),
        Takes("E38", "1e300", 1, """{"time":1e300,"event":"x"}"""),
    ];

    static IEnumerable<HecCase> Text =>
    [
        Takes("E42", "UTF-8", 1, """{"event":"zażółć 日本 🎉"}"""),
        Takes("E43", "invalid UTF-8", 1, [.. "{\"event\":\"a"u8, 0xFF, .. "b\"}"u8]),
        Takes("E44", "NUL escape", 1, """{"event":"a\u0000b"}"""),
        Takes("E45", "lone surrogate", 1, """{"event":"a\ud800b"}"""),
        Takes("E46", "BOM first", 1, [0xEF, 0xBB, 0xBF, .. "{\"event\":\"x\"}"u8]),
        Refuses("E47", "nested 400 deep", 6, 0, "{\"event\":" + new string('[', 400) + new string(']', 400) + "}"),
        Takes("E48", "64-bit counters", 1, """{"event":{"n":18446744073709551615}}"""),
    ];

    static IEnumerable<HecCase> Requests =>
    [
        Path("P01", "/services/collector"),
        Path("P02", "/services/collector/event/1.0"),
        Path("P03", "/services/collector/event/"),
        Takes("P04", "text/plain", 1, Good, r => r with { ContentType = "text/plain" }),
        Takes("P05", "no Content-Type", 1, Good, r => r with { ContentType = null }),
        Takes("P06", "charset", 1, Good, r => r with { ContentType = "application/json; charset=utf-8" }),
        Takes("P07", "form, as curl -d", 1, Good, r => r with { ContentType = "application/x-www-form-urlencoded" }),
        Takes("P08", "array, no Content-Type", 2, $"[{Good},{Good}]", r => r with { ContentType = null }),
        Takes("P09", "two objects, text/plain", 2, Good + Good, r => r with { ContentType = "text/plain" }),
        Path("P10", "/services/collector/event?host=h&source=s&sourcetype=t&index=i"),
        Path("P11", "/services/collector/event?unknown=1"),
    ];

    static IEnumerable<HecCase> Encodings =>
    [
        Encoded("Z01", "gzip", 200, 0, 1, HecRequest.Gzip(Bytes(Good))),
        Encoded("Z02", "zstd", 200, 0, 1, HecRequest.Zstd(Bytes(Good))),
        Encoded("Z03", "deflate", 200, 0, 1, HecRequest.Deflate(Bytes(Good))),
        Encoded("Z04", "br", 415, 415, 0, Bytes(Good)),
        Encoded("Z05", "gzip", 400, 6, 0, Bytes(Good)),
        Encoded("Z06", "gzip", 400, 6, 0, HecRequest.Gzip(Bytes(Good))[..^6]),
        Encoded("Z07", "gzip", 200, 0, 2, [.. HecRequest.Gzip(Bytes(Good)), .. HecRequest.Gzip(Bytes(Good))]),
        Encoded("Z08", "identity", 200, 0, 1, Bytes(Good)),
        Encoded("Z09", "GZIP", 200, 0, 1, HecRequest.Gzip(Bytes(Good))),
        Encoded("Z10", "gzip", 400, 5, 0, HecRequest.Gzip([])),
        Takes("Z11", "chunked", 2, Good + Good, r => r with { Chunked = true }),
        new("Z12", "gzip and chunked", 200, 0, 2) { Request = new HecRequest { Encoding = "gzip", Chunked = true, Body = HecRequest.Gzip(Bytes(Good + Good)) } },
        Encoded("Z13", "gzip", 413, 413, 0, Bomb.Value),
        new("Z14", "Expect: 100-continue", 200, 0, 1) { Request = Event(Good) with { Headers = ["Expect: 100-continue"] }, Send = HecSteps.ExpectContinueAsync },
    ];

    static IEnumerable<HecCase> Sizes =>
    [
        Takes("S01", "2 MB", 1, Large(2)),
        Takes("S02", "6 MB", 1, Large(6)),
        new("S03", "120 MB, refused and not swallowed", 413, 413, 0) { Request = Event("") with { Body = new byte[120_000_000] } },
    ];

    static IEnumerable<HecCase> Raw =>
    [
        RawBody("R01", 200, 0, 1, "one line"),
        RawBody("R02", 200, 0, 2, "one\ntwo\n"),
        RawBody("R03", 400, 5, 0, ""),
        RawBody("R04", 400, 5, 0, " \n\r\n\t\n"),
        RawBody("R05", 200, 0, 1, "x", r => r with { Path = r.Path + "?host=h&source=s" }),
        RawBody("R06", 200, 0, 1, "", r => r with { Encoding = "gzip", Body = HecRequest.Gzip("x\n"u8) }),
        RawBody("R07", 200, 0, 1, "x", r => r with { Path = "/services/collector/raw/1.0" }),
        RawBody("R08", 200, 0, 1, "x", r => r with { Channel = Guid.NewGuid().ToString() }),
        RawBody("R09", 200, 0, 1, "x", r => r with { ContentType = null }),
        RawBody("R10", 401, 2, 0, "x", r => r with { Authorization = null }),
    ];

    static IEnumerable<HecCase> Acks =>
    [
        new("K01", "/ack, ack off", 400, 14, 0) { Request = Event("{\"acks\":[0]}") with { Path = "/services/collector/ack" } },
        new("K02", "/ack, no token", 401, 2, 0) { Request = Event("{\"acks\":[0]}") with { Path = "/services/collector/ack", Authorization = null } },
        new("K03", "/ack/1.0, ack off", 400, 14, 0) { Request = Event("{\"acks\":[0]}") with { Path = "/services/collector/ack/1.0" } },
        Takes("K04", "channel, ack off", 1, Good, r => r with { Channel = Guid.NewGuid().ToString() }),
        Takes("K05", "channel that is no GUID", 1, Good, r => r with { Channel = "mine" }),
        Path("K06", $"/services/collector/event?channel={Guid.Empty}"),
    ];

    static IEnumerable<HecCase> Health =>
    [
        Get("H01", 200, 17, "/services/collector/health"),
        Get("H02", 200, 17, "/services/collector/health/1.0"),
        Get("H03", 200, 17, "/services/collector/health") with { Request = HealthRequest with { Authorization = null } },
        Get("H04", 200, 17, "/services/collector/health") with { Request = HealthRequest with { Authorization = $"Splunk {Unknown}" } },
        Get("H05", 405, 405, "/services/collector/health") with { Request = HealthRequest with { Method = "POST", Body = [] } },
        Get("H06", 200, -1, "/services/collector/health") with { Request = HealthRequest with { Method = "HEAD" } },
    ];

    static IEnumerable<HecCase> Methods =>
    [
        Get("M01", 405, 405, "/services/collector/event"),
        new("M02", "PUT", 405, 405, 0) { Request = Event(Good) with { Method = "PUT" } },
        new("M03", "OPTIONS", 200, -1, 0) { Request = Event(Good) with { Method = "OPTIONS", Body = null } },
        new("M04", "unknown path", 404, 404, 0) { Request = Event(Good) with { Path = "/services/collector/nothing" } },
        new("M05", "root", 404, 404, 0) { Request = Event(Good) with { Path = "/" } },
        Takes("M06", "HTTP/1.0", 1, Good, r => r with { Version = "1.0" }),
        new("M07", "two requests pipelined", 200, 0, 2) { Request = Event(Good), Send = HecSteps.PipelineAsync },
        Takes("M08", "alive after all of this", 1, Good),
    ];

    /// <summary>512 MiB of spaces.</summary>
    static readonly Lazy<byte[]> Bomb = new(() =>
    {
        var member = HecRequest.Gzip(Enumerable.Repeat((byte)' ', 16 * 1024 * 1024).ToArray());
        return [.. Enumerable.Repeat(member, 32).SelectMany(m => m)];
    });

    static HecRequest HealthRequest => new() { Method = "GET", Path = "/services/collector/health" };

    static HecRequest Event(string text) => new() { Text = text };

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static string Basic(string pair) => $"Basic {Convert.ToBase64String(Bytes(pair))}";

    static string Large(int megabytes) => $$"""{"event":"{{new string('x', megabytes * 1_000_000)}}"}""";

    static string Tailscale(int records) => string.Concat(Enumerable.Range(0, records).Select(i =>
        $$$"""{"time":1785153607.{{{i:000}}},"event":{"nodeId":"n{{{i}}}CNTRL","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:1","dst":"100.64.0.2:2","txPkts":{{{i}}}}]},"fields":{"recorded":"2026-07-27T12:00:07Z"}}"""));

    static HecCase Auth(string id, int status, int code, string? header) =>
        new(id, header ?? "no header", status, code, code == 0 ? 1 : 0) { Request = Event(Good) with { Authorization = header } };

    static HecCase Takes(string id, string what, int delivered, string body, Func<HecRequest, HecRequest>? change = null) =>
        new(id, what, 200, 0, delivered) { Request = (change ?? (r => r))(Event(body)) };

    static HecCase Takes(string id, string what, int delivered, byte[] body) => new(id, what, 200, 0, delivered) { Request = Event("") with { Body = body } };

    static HecCase Refuses(string id, string what, int code, int number, string body) => new(id, what, 400, code, 0, number) { Request = Event(body) };

    static HecCase Path(string id, string path) => new(id, path, 200, 0, 1) { Request = Event(Good) with { Path = path } };

    static HecCase Encoded(string id, string encoding, int status, int code, int delivered, byte[] body) =>
        new(id, $"{encoding}, {body.Length} bytes", status, code, delivered, code == 6 ? 0 : -1) { Request = new HecRequest { Encoding = encoding, Body = body } };

    static HecCase RawBody(string id, int status, int code, int delivered, string body, Func<HecRequest, HecRequest>? change = null) =>
        new(id, "raw", status, code, delivered) { Request = (change ?? (r => r))(Event(body) with { Path = "/services/collector/raw", ContentType = "text/plain" }) };

    static HecCase Get(string id, int status, int code, string path) => new(id, path, status, code, 0) { Request = new HecRequest { Method = "GET", Path = path } };
}
