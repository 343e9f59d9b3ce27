using System.Net;
using System.Net.Sockets;
using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>Exchanges that are more than one request and one answer.</summary>
static class HecSteps
{
    /// <summary>The body goes only after the server has asked for it.</summary>
    public static async Task<HecResponse> ExpectContinueAsync(HecHost host)
    {
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await ConnectAsync(host, patience.Token);
        var request = new HecRequest { Headers = ["Expect: 100-continue"], Text = """{"event":"x"}""" };
        var bytes = request.ToBytes();
        var head = bytes.Length - request.Body!.Length;
        var stream = client.GetStream();
        await stream.WriteAsync(bytes.AsMemory(0, head), patience.Token);
        var interim = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await stream.ReadExactlyAsync(interim, patience.Token);
        Assert.That(Encoding.ASCII.GetString(interim), Does.StartWith("HTTP/1.1 100"));
        await stream.WriteAsync(bytes.AsMemory(head), patience.Token);
        return await HecWire.ReadAsync(stream, cancellation: patience.Token);
    }

    /// <summary>Two requests in one write; both are answered on the same connection.</summary>
    public static async Task<HecResponse> PipelineAsync(HecHost host)
    {
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await ConnectAsync(host, patience.Token);
        var request = new HecRequest { Text = """{"event":"x"}""" }.ToBytes();
        var stream = client.GetStream();
        await stream.WriteAsync((byte[])[.. request, .. request], patience.Token);
        var first = await HecWire.ReadAsync(stream, cancellation: patience.Token);
        Assert.That(first.Status, Is.EqualTo(200));
        return await HecWire.ReadAsync(stream, cancellation: patience.Token);
    }

    /// <summary>Looks for no answer before everything is sent.</summary>
    public static async Task<HecResponse> WriteThenReadAsync(HecHost host, ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await ConnectAsync(host, patience.Token);
        await client.GetStream().WriteAsync(bytes, patience.Token);
        return await HecWire.ReadAsync(client.GetStream(), cancellation: patience.Token);
    }

    public static async Task<TcpClient> ConnectAsync(HecHost host, CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Port, cancellation);
        return client;
    }
}
