using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tailscale2Otel.Tests.Demo;

/// <summary>A listener that shows requests byte for byte and plays one answer after the other; an empty answer hangs up instead.</summary>
sealed class RawReceiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly List<(string Head, byte[] Body)> _requests = [];
    readonly Task _serving;

    public RawReceiver(string[] answers)
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/services/collector/event");
        _serving = ServeAsync(answers);
    }

    public Uri Url { get; }

    /// <summary>The requests, once every answer was given; nothing listens any more then.</summary>
    public async Task<IReadOnlyList<(string Head, byte[] Body)>> FinishAsync()
    {
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        return _requests;
    }

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync(string[] answers)
    {
        var next = 0;
        while (next < answers.Length)
        {
            using var connection = await _listener.AcceptTcpClientAsync();
            await using var stream = connection.GetStream();
            do
            {
                var head = await ReadHeadAsync(stream);
                if (head.Length == 0)
                    break;
                _requests.Add((head, await ReadChunksAsync(stream)));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answers[next++]));
            }
            while (next < answers.Length && answers[next - 1].Length > 0);
        }

        _listener.Stop();
    }

    static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }

    static async Task<byte[]> ReadChunksAsync(NetworkStream stream)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse(await ReadLineAsync(stream), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk);
            await ReadLineAsync(stream);
            if (size == 0)
                return body.ToArray();
            body.Write(chunk);
        }
    }

    static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) > 0 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }
}
