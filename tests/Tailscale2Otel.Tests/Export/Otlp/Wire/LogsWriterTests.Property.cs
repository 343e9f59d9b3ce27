using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Tests.Export.Otlp.Wire.LogsWire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed partial class LogsWriterTests
{
    static readonly OtlpLimitsOptions Limits = new() { LogAttributeValueBytes = 200, LogBodyBytes = 200 };

    static Gen<string> Text =>
        Gen.Choose(0, 0x10FFFF).Where(System.Text.Rune.IsValid).Or(Gen.Choose(0x20, 0x7E)).ListOf().Select(runes => string.Concat(runes.Select(char.ConvertFromUtf32)));

    static Gen<object> Value => Gen.OneOf(
        ArbMap.Default.GeneratorFor<long>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<double>().Select(v => (object)v),
        ArbMap.Default.GeneratorFor<bool>().Select(v => (object)v),
        Text.Select(v => (object)v));

    static Gen<(string Key, object Value)[]> Attributes => Text.Zip(Value).Select(p => (p.Item1, p.Item2)).ArrayOf();

    [Test]
    public void Random_records_come_back_as_they_were() => Prop.ForAll(Attributes.ArrayOf().ToArbitrary(), records =>
    {
        using var writer = Writer();
        foreach (var record in records)
        {
            writer.Begin(Header);
            foreach (var (key, value) in record)
                Add(writer, new Utf8Name(key), value);
            writer.End();
        }

        Assert.That(
            Decode(writer).Select(r => r.Attributes.Select(a => (a.Key, OtlpValues.Plain(a.Value)))),
            Is.EqualTo(records.Select(r => r.Where(a => a.Value is not "").Select(a => (a.Key, (object?)a.Value)))));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Random_bytes_become_valid_text_within_the_limit() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        byte[] repeated = [.. bytes, .. bytes, .. bytes, .. bytes];
        var text = One(w => w.Body(repeated), Limits).Body?.StringValue ?? "";

        Assert.That(Utf8(text), Has.Length.LessThanOrEqualTo(200));
        if (!text.EndsWith("…[truncated]", StringComparison.Ordinal))
            Assert.That(text, Is.EqualTo(System.Text.Encoding.UTF8.GetString(repeated)));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Random_JSON_strings_come_back_as_they_were() => Prop.ForAll(Text.ToArbitrary(), text =>
    {
        var record = One(w => w.JsonBody(JsonSerializer.SerializeToUtf8Bytes(new[] { text })));

        Assert.That(record.Body.ArrayValue.Values.Single().StringValue, Is.EqualTo(text));
    }).QuickCheckThrowOnFailure();

    static void Add(LogWriter writer, Utf8Name key, object value)
    {
        switch (value)
        {
            case long number:
                writer.Add(key, number);
                break;
            case double number:
                writer.Add(key, number);
                break;
            case bool flag:
                writer.Add(key, flag);
                break;
            default:
                writer.Add(key, Utf8((string)value));
                break;
        }
    }
}
