using Google.Protobuf;
using Google.Rpc;
using OpenTelemetry.Proto.Collector.Logs.V1;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed class ResponseReaderTests
{
    [Test]
    public void Reads_a_partial_success()
    {
        var response = new ExportLogsServiceResponse { PartialSuccess = new() { RejectedLogRecords = 300, ErrorMessage = "to\u0007o old" } };

        Assert.That(ResponseReader.PartialSuccess(response.ToByteArray()), Is.EqualTo((300L, "to o old")));
        Assert.That(ResponseReader.PartialSuccess([]), Is.EqualTo((0L, "")));
    }

    [Test]
    public void Reads_what_came_of_a_partial_success_that_was_cut()
    {
        var response = new ExportLogsServiceResponse { PartialSuccess = new() { RejectedLogRecords = 300, ErrorMessage = "too old" } };

        Assert.That(ResponseReader.PartialSuccess(response.ToByteArray().AsSpan()[..^4]), Is.EqualTo((300L, "too")));
    }

    [Test]
    public void Reads_the_words_and_the_wait_of_a_status()
    {
        var info = new RetryInfo { RetryDelay = new Delay { Seconds = 3, Nanos = 500_000_000 } };
        var status = new Status
        {
            Code = 8,
            Message = "slow down",
            Details =
            {
                new Detail { TypeUrl = "type.googleapis.com/google.rpc.Other", Value = ByteString.CopyFromUtf8("x") },
                new Detail { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = info.ToByteString() },
            },
        };

        Assert.That(ResponseReader.Status(status.ToByteArray()), Is.EqualTo(("slow down", TimeSpan.FromSeconds(3.5))));
        Assert.That(ResponseReader.Status(new Status { Message = "m" }.ToByteArray()), Is.EqualTo(("m", (TimeSpan?)null)));
    }

    [TestCase(long.MaxValue, 86_400)]
    [TestCase(-5, 0)]
    public void Bounds_the_wait(long seconds, double expected)
    {
        var info = new RetryInfo { RetryDelay = new Delay { Seconds = seconds } };
        var status = new Status { Details = { new Detail { TypeUrl = "x/google.rpc.RetryInfo", Value = info.ToByteString() } } };

        Assert.That(ResponseReader.Status(status.ToByteArray()).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(expected)));
    }

    [Test]
    public void Forgives_anything_else()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            Assert.That(
                () =>
                {
                    ResponseReader.PartialSuccess(bytes);
                    ResponseReader.Status(bytes);
                    ResponseReader.Words(bytes);
                },
                Throws.Nothing,
                Convert.ToHexString(bytes));
        }
    }

    [Test]
    public void Cuts_words_that_begin_with_white_space_where_it_cuts_others() =>
        Assert.That(ResponseReader.Words("\n  " + new string('x', 2000)), Has.Length.EqualTo(ResponseReader.MaxMessage));

    [Test]
    public void Keeps_a_bounded_number_of_words() => Assert.That(ResponseReader.Words(new byte[100_000].Select(_ => (byte)'x').ToArray()), Has.Length.EqualTo(1024));
}
