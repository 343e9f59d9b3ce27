using Tailscale2Otel.Hosting.Supervision;

namespace Tailscale2Otel.Tests.Hosting.Supervision;

[TestFixture]
sealed class NotifySocketTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_message_arrives_as_one_datagram(bool isAbstract)
    {
        using var listener = new NotifyListener(isAbstract);

        Assert.That(NotifySocket.Of(listener.Name)!.Send("READY=1"), Is.Null);

        Assert.That(await listener.NextAsync(), Is.EqualTo("READY=1"));
    }

    [TestCase("")]
    [TestCase("/")]
    [TestCase("relative/path")]
    [TestCase("vsock:2:1234")]
    public void Another_kind_of_address_is_none(string name) => Assert.That(NotifySocket.Of(name), Is.Null);

    [Test]
    public void A_path_that_no_socket_can_have_is_none() => Assert.That(NotifySocket.Of("/" + new string('x', 200)), Is.Null);

    [Test]
    public void A_socket_that_nobody_listens_at_is_a_problem_in_words() =>
        Assert.That(NotifySocket.Of("/nonexistent/notify")!.Send("READY=1"), Is.Not.Empty);
}
