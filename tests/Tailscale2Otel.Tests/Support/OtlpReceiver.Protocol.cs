using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;
using Google.Rpc;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace Tailscale2Otel.Tests.Support;

sealed partial class OtlpReceiver
{
    const string GrpcLogs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    const string GrpcMetrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    async Task HandleAsync(HttpContext context)
    {
        var isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        var path = context.Request.Path.Value ?? "";
        var isLogs = isGrpc ? path == GrpcLogs : path.EndsWith("/v1/logs", StringComparison.Ordinal);
        var isMetrics = isGrpc ? path == GrpcMetrics : path.EndsWith("/v1/metrics", StringComparison.Ordinal);
        if (context.Request.Method != HttpMethods.Post || !(isLogs || isMetrics))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (CutsOff())
        {
            _ = await context.Request.Body.ReadAsync(new byte[100], context.RequestAborted);
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = Read(context, body.ToArray(), isGrpc, isLogs);
        OtlpAnswer answer = null!;
        Change(() =>
        {
            request = request with { Number = _count++ };
            answer = _answers.TryDequeue(out var next) ? next : Decide(request);
            request = request with { Answer = answer };
            if (!_settings.IsForgetful)
                _requests.Add(request);
        });

        await answer.Release.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.Keeps)
            Keep(request);
        if (answer is { Keeps: true, Accepts: false })
            Change(() => AnswerLost(request));
        var isAnswered = false;
        try
        {
            await AnswerAsync(context, answer, isGrpc, isLogs);
            isAnswered = answer.Fault == OtlpFault.None && !context.RequestAborted.IsCancellationRequested;
        }
        finally
        {
            if (answer.Accepts && !isAnswered)
                Change(() => AnswerLost(request));
        }
    }

    void Keep(OtlpRequest request) => Change(() =>
    {
        Kept(request);
        if (_settings.IsForgetful)
            return;
        _records.AddRange(request.LogRecords);
        _metrics.AddRange(request.MetricList);
    });

    async Task AnswerAsync(HttpContext context, OtlpAnswer answer, bool isGrpc, bool isLogs)
    {
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.Fault != OtlpFault.None)
            await FailAsync(context, answer);
        else if (isGrpc)
            await AnswerGrpcAsync(context, answer, isLogs);
        else
            await AnswerHttpAsync(context, answer, isLogs);
    }

    static OtlpRequest Read(HttpContext context, byte[] body, bool isGrpc, bool isLogs)
    {
        var headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        var encoding = headers.GetValueOrDefault(isGrpc ? "grpc-encoding" : "content-encoding", "identity");
        if (isGrpc)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1));
            if (length != body.Length - 5)
                throw new InvalidDataException($"The frame says {length} bytes, {body.Length - 5} came.");
            encoding = body[0] == 1 ? encoding : "identity";
            body = body[5..];
        }

        var message = encoding switch
        {
            "identity" => body,
            "gzip" => Gunzip(body),
            "zstd" => OtlpZstd.Decompress(body),
            _ => throw new InvalidDataException($"Encoding {encoding}."),
        };
        return new OtlpRequest
        {
            IsGrpc = isGrpc,
            Path = context.Request.Path.Value ?? "",
            Protocol = context.Request.Protocol,
            Headers = headers,
            Encoding = encoding,
            WireBytes = body.Length,
            MessageBytes = message.Length,
            ClientCertificate = context.Connection.ClientCertificate?.Subject,
            Logs = isLogs ? ExportLogsServiceRequest.Parser.ParseFrom(message) : null,
            Metrics = isLogs ? null : ExportMetricsServiceRequest.Parser.ParseFrom(message),
            Answer = OtlpAnswer.Ok,
        };
    }

    static byte[] Gunzip(byte[] body)
    {
        using var result = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        gzip.CopyTo(result);
        return result.ToArray();
    }

    static IMessage Success(OtlpAnswer answer, bool isLogs)
    {
        if (answer.PartiallyRejected is not { } rejected)
            return isLogs ? new ExportLogsServiceResponse() : new ExportMetricsServiceResponse();
        return isLogs
            ? new ExportLogsServiceResponse { PartialSuccess = new() { RejectedLogRecords = rejected, ErrorMessage = answer.Message } }
            : new ExportMetricsServiceResponse { PartialSuccess = new() { RejectedDataPoints = rejected, ErrorMessage = answer.Message } };
    }

    static Status Error(OtlpAnswer answer, int code)
    {
        var status = new Status { Code = code, Message = answer.Message };
        if (answer.RetryInfo is { } delay)
        {
            var info = new RetryInfo { RetryDelay = new Delay { Seconds = (long)delay.TotalSeconds, Nanos = (int)(delay.Ticks % TimeSpan.TicksPerSecond * 100) } };
            status.Details.Add(new Detail { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = info.ToByteString() });
        }

        return status;
    }

    static async Task AnswerHttpAsync(HttpContext context, OtlpAnswer answer, bool isLogs)
    {
        var body = answer.Body ?? (answer.Accepts ? Success(answer, isLogs) : Error(answer, 0)).ToByteArray();
        context.Response.StatusCode = answer.HttpStatus;
        context.Response.ContentType = "application/x-protobuf";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    static async Task AnswerGrpcAsync(HttpContext context, OtlpAnswer answer, bool isLogs)
    {
        if (answer.HttpStatus != StatusCodes.Status200OK)
        {
            context.Response.StatusCode = answer.HttpStatus;
            return;
        }

        context.Response.ContentType = "application/grpc";
        var status = answer.GrpcStatus.ToString(CultureInfo.InvariantCulture);
        if (answer.GrpcStatus == 0 || answer.TrailersAfterHead)
        {
            await context.Response.StartAsync(context.RequestAborted);
            if (answer.GrpcStatus == 0)
            {
                var message = answer.Body ?? Success(answer, isLogs).ToByteArray();
                var frame = new byte[message.Length + 5];
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
                message.CopyTo(frame, 5);
                await context.Response.Body.WriteAsync(frame, context.RequestAborted);
            }

            Describe(answer, status, (name, value) => context.Response.AppendTrailer(name, value));
            return;
        }

        Describe(answer, status, (name, value) => context.Response.Headers[name] = value);
    }

    static void Describe(OtlpAnswer answer, string status, Action<string, string> set)
    {
        set("grpc-status", status);
        if (answer.GrpcStatus == 0)
            return;
        set("grpc-message", Uri.EscapeDataString(answer.Message));
        set("grpc-status-details-bin", Convert.ToBase64String(Error(answer, answer.GrpcStatus).ToByteArray()).TrimEnd('='));
    }

    async Task FailAsync(HttpContext context, OtlpAnswer answer)
    {
        if (answer.Fault is OtlpFault.Hang or OtlpFault.Late)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answer.Fault == OtlpFault.Late)
                await context.Response.Body.WriteAsync(Array.Empty<byte>(), CancellationToken.None);
        }
        else if (answer.Fault == OtlpFault.ResetMidResponse)
        {
            context.Response.StatusCode = answer.HttpStatus;
            context.Response.ContentType = context.Request.ContentType;
            if (context.Request.Protocol == "HTTP/1.1")
                context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        context.Abort();
    }
}
