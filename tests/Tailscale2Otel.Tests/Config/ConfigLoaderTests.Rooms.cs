namespace Tailscale2Otel.Tests.Config;

/// <summary>The same for the rules that the rooms give with their options; what a rule says in words is theirs.</summary>
public sealed partial class ConfigLoaderTests
{
    [TestCase("spool_segment_too_large", "bad.yaml:3: spool.segment_bytes = \"67108864\": ")]
    [TestCase("spool_root", "bad.yaml:2: spool.directory = \"/\": ")]
    [TestCase("spool_sync", "bad.yaml:2: spool.sync = \"sometimes\": allowed: always, interval, never")]
    [TestCase("spool_retention", "bad.yaml:2: spool.retention = \"-1h\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 0s to ")]
    [TestCase("dead_letters", "bad.yaml:2: dead_letters.max_bytes = \"1024\": allowed: bytes as a whole number, or a size such as 64MiB, 64KiB to ")]
    [TestCase("deduplication", "bad.yaml:2: deduplication.window = \"1s\": ")]
    [TestCase("streaming_listen", "bad.yaml:3: streaming.listen = \"8088\": ")]
    [TestCase("streaming_path", "bad.yaml:3: streaming.path = \"services\": ")]
    [TestCase("streaming_tls", "bad.yaml:4: streaming.tls: ")]
    [TestCase("streaming_tls_missing", "bad.yaml:4: streaming.tls.cert_file = ")]
    [TestCase("streaming_token", "bad.yaml:3: streaming.token: ")]
    [TestCase("streaming_decompress", "bad.yaml:2: streaming.decompress = \"brotli\": allowed: auto, gzip, zstd, none")]
    [TestCase("streaming_body", "bad.yaml:2: streaming.max_body_bytes = \"1073741824\": ")]
    [TestCase("listen_twice", "bad.yaml:5: webhook.listen = \":8088\": [::]:8088 is taken by streaming.listen (127.0.0.1:8088); give it another port, or set webhook.enabled: false")]
    [TestCase("webhook_listen", "bad.yaml:3: webhook.listen = \"8089\": ")]
    [TestCase("webhook_path", "bad.yaml:3: webhook.path = \"hook\": ")]
    [TestCase("webhook_secret", "bad.yaml:3: webhook.secret: ")]
    [TestCase("webhook_tls", "bad.yaml:4: webhook.tls: ")]
    [TestCase("webhook_tolerance", "bad.yaml:2: webhook.tolerance = \"48h\": ")]
    [TestCase("webhook_body", "bad.yaml:2: webhook.max_body_bytes = \"1073741824\": ")]
    [TestCase("webhook_requests", "bad.yaml:2: webhook.max_concurrent_requests = \"-2\": ")]
    [TestCase("enrichment_wait", "bad.yaml:2: enrichment.wait_for_devices = \"2h\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 0s to 1h")]
    [TestCase("flow_log_mode", "bad.yaml:3: collectors.flowlogs.log_mode = \"all\": allowed: per_connection, per_record, off")]
    [TestCase("flow_poll_source", "bad.yaml:3: collectors.flowlogs.source = \"push\": allowed: poll, stream, both, objectstore")]
    [TestCase("flow_poll_stream", "bad.yaml:3: collectors.flowlogs.source = \"stream\": needs streaming.enabled: true, since the log stream is received there")]
    [TestCase("flow_poll_window", "bad.yaml:4: collectors.flowlogs.max_window = \"2m\": ")]
    [TestCase("flow_poll_lookback", "bad.yaml:3: collectors.flowlogs.initial_lookback = \"0s\": allowed: a duration such as ")]
    [TestCase("flow_poll_overlap", "bad.yaml:3: collectors.flowlogs.replay_overlap = \"2h\": allowed: a duration such as ")]
    [TestCase("audit_poll_both", "bad.yaml:3: collectors.auditlogs.source = \"both\": needs streaming.enabled: true, since the log stream is received there")]
    [TestCase("poll_recognition", "bad.yaml:2: deduplication.window = \"7m30s\": longer than lag + replay_overlap + interval of collectors.flowlogs (00:08:00), or what is asked for again is delivered twice")]
    [TestCase("audit_poll_window", "bad.yaml:3: collectors.auditlogs.max_window = \"1m\": ")]
    [TestCase("audit_poll_lag", "bad.yaml:3: collectors.auditlogs.lag = \"-1s\": allowed: a duration such as ")]
    [TestCase("cardinality_thresholds", "default: cardinality.critical_threshold = \"8000\": ")]
    [TestCase("cardinality_mode", "bad.yaml:3: cardinality.flow.metrics_mode = \"none\": allowed: rollup, all, both")]
    [TestCase("otlp_protocol", "bad.yaml:2: otlp.protocol = \"http/json\": allowed: http, grpc, stdout")]
    [TestCase("otlp_endpoint", "bad.yaml:2: otlp.endpoint = \"localhost\": ")]
    [TestCase("otlp_endpoint_with_credentials", "bad.yaml:2: otlp.endpoint = \"http://***@localhost:4318\": ")]
    [TestCase("otlp_temporality", "bad.yaml:2: otlp.temporality = \"lowmemory\": allowed: cumulative, delta")]
    [TestCase("otlp_grafana_cloud", "bad.yaml:3: otlp.grafana_cloud: ")]
    [TestCase("otlp_header", "bad.yaml:2: otlp.headers: ")]
    [TestCase("otlp_header_value", "bad.yaml:3: otlp.headers.x-org: ")]
    [TestCase("otlp_client_certificate", "bad.yaml:3: otlp.tls: ")]
    [TestCase("otlp_timeout", "bad.yaml:2: otlp.timeout = \"5ms\": must be 0s or between 10ms and 24h")]
    [TestCase("otlp_metric_interval", "bad.yaml:2: otlp.metric_interval = \"500µs\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 100ms to 24h")]
    [TestCase("otlp_retry_initial", "bad.yaml:3: otlp.retry.initial_interval = \"0s\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 1ms to 24h")]
    [TestCase("otlp_logs_retry", "bad.yaml:4: otlp.logs.retry.max_interval = \"25h\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 0s to 24h")]
    [TestCase("otlp_retry", "bad.yaml:3: otlp.retry.max_interval = \"1s\": ")]
    [TestCase("otlp_body_limit", "bad.yaml:3: otlp.limits.log_body_bytes = \"10\": ")]
    [TestCase("tailscale_api_url", "bad.yaml:2: tailscale.api_url = \"http://api.tailscale.com\": ")]
    [TestCase("tailscale_auth_method", "bad.yaml:3: tailscale.auth.method = \"oauth\": ")]
    [TestCase("tailscale_workload_identity", "default: tailscale.auth.workload_identity.client_id = \"\": ")]
    [TestCase("tailscale_retry", "bad.yaml:4: tailscale.http.retry.max_delay = \"100ms\": ")]
    [TestCase("resource_reserved", "bad.yaml:3: resource.attributes.service.name: ")]
    [TestCase("resource_service_name", "bad.yaml:2: resource.service_name = \"\": ")]
    public void A_broken_rule_of_a_room_is_one_error_with_its_place(string file, string expected)
    {
        var errors = ErrorsOf(file);

        Assert.That(errors, Has.Count.EqualTo(1), string.Join('\n', errors));
        Assert.That(errors[0], expected[^1] == ' ' ? Does.StartWith(expected) : Is.EqualTo(expected));
        Assert.That(errors[0], Does.Not.Contain("hunter2"));
    }
}
