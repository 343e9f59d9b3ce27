using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class TokenSourceTests
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly ApiFault Refused = new(ApiFaultKind.Token, 401, "no");
    static readonly ApiFault Unreachable = new(ApiFaultKind.Token, 0, "no answer");

    readonly ManualTime _time = new();
    readonly List<TokenReply> _replies = [];
    int _fetched;
    TokenSource _tokens;

    [SetUp]
    public void SetUp() => _tokens = new TokenSource(FetchAsync, TimeSpan.FromSeconds(1), _time);

    [TearDown]
    public void TearDown() => _tokens.Dispose();

    [Test]
    public async Task A_token_is_used_until_five_sixths_of_its_life()
    {
        Reply(Token("a"), Token("b"));

        Assert.That((await GetAsync()).Token, Is.EqualTo("a"));
        _time.Advance(TimeSpan.FromMinutes(49.9));
        Assert.That((await GetAsync()).Token, Is.EqualTo("a"));
        _time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.That((await GetAsync()).Token, Is.EqualTo("b"));
        Assert.That(_fetched, Is.EqualTo(2));
    }

    [Test]
    public async Task Many_who_wait_share_one_request()
    {
        var gate = new TaskCompletionSource<TokenReply>();
        var count = 0;
        using var tokens = new TokenSource(
            _ =>
            {
                Interlocked.Increment(ref count);
                return gate.Task;
            },
            TimeSpan.FromSeconds(1),
            _time);
        var all = Enumerable.Range(0, 50).Select(_ => tokens.GetAsync(default).AsTask()).ToArray();
        gate.SetResult(Token("a"));

        Assert.That((await Task.WhenAll(all)).Select(r => r.Token), Is.All.EqualTo("a"));
        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_gives_up_takes_the_token_from_nobody()
    {
        var gate = new TaskCompletionSource<TokenReply>();
        using var tokens = new TokenSource(_ => gate.Task, TimeSpan.FromSeconds(1), _time);
        using var giveUp = new CancellationTokenSource();
        var impatient = tokens.GetAsync(giveUp.Token).AsTask();
        var patient = tokens.GetAsync(default).AsTask();
        await giveUp.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult(Token("a"));

        Assert.That((await patient).Token, Is.EqualTo("a"));
    }

    [Test]
    public async Task A_failed_renewal_leaves_the_old_token_while_it_is_good()
    {
        Reply(Token("a"), TokenReply.Failed(Refused), TokenReply.Failed(Refused));
        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(55));

        Assert.That((await GetAsync()).Token, Is.EqualTo("a"));
        Assert.That((await GetAsync()).Token, Is.EqualTo("a"), "while the endpoint is left alone too");
        Assert.That(_fetched, Is.EqualTo(2));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.That((await GetAsync()).Fault?.Status, Is.EqualTo(401), "past its end it is not");
    }

    [Test]
    public async Task A_refusal_is_not_asked_for_again_for_a_minute()
    {
        Reply(TokenReply.Failed(Refused), Token("a"));

        Assert.That((await GetAsync()).Fault, Is.EqualTo(Refused));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That((await GetAsync()).Fault, Is.EqualTo(Refused));
        Assert.That(_fetched, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await GetAsync()).Token, Is.EqualTo("a"));
    }

    [Test]
    public async Task A_failure_that_may_pass_says_when_to_ask_again_and_waits_longer_each_time()
    {
        Reply([.. Enumerable.Repeat(TokenReply.Failed(Unreachable), 9)]);
        var waits = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var wait = (await GetAsync()).Fault!.RetryAfter!.Value;
            waits.Add(wait.TotalSeconds);
            _time.Advance(wait);
        }

        Assert.That(waits, Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60.0 }));
        Assert.That(_fetched, Is.EqualTo(9));
    }

    [Test]
    public async Task The_endpoint_s_own_wish_to_be_left_alone_counts()
    {
        Reply(TokenReply.Failed(new ApiFault(ApiFaultKind.Token, 429, "", TimeSpan.FromMinutes(10))), Token("a"));
        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.That((await GetAsync()).Fault!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await GetAsync()).Token, Is.EqualTo("a"));
    }

    [Test]
    public async Task A_rejected_token_is_renewed_once_however_many_report_it()
    {
        Reply(Token("a"), Token("b"), Token("c"));
        await GetAsync();
        _tokens.Reject("a");
        Assert.That((await GetAsync()).Token, Is.EqualTo("b"));
        _tokens.Reject("a");

        Assert.That((await GetAsync()).Token, Is.EqualTo("b"));
    }

    ValueTask<TokenReply> GetAsync() => _tokens.GetAsync(default);

    void Reply(params TokenReply[] replies)
    {
        _fetched = 0;
        _replies.Clear();
        _replies.AddRange(replies);
    }

    Task<TokenReply> FetchAsync(CancellationToken cancellation) => Task.FromResult(_replies[_fetched++]);

    static TokenReply Token(string token) => new(token, Hour, null);
}
