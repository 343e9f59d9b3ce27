namespace Tailscale2Otel.Tests.Processing.Audit;

/// <summary>
/// What each recorded event of audit-hec.json says, written by hand from it and signals.md 4.1: severity, times, body, and
/// every attribute but those that all have.
/// </summary>
static class AuditExpectations
{
    public static readonly string[] All =
    [
        """
        Info 1785153481123456789 1785153481123456789
        LOGIN on ADMIN_CONSOLE via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = LOGIN
        tailscale.audit.event_group_id = 8f1f0a77c1e2b3d4a5968778695a4b3c
        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.id = uADA1aaCNTRL
        tailscale.target.name = ada@example.com
        tailscale.target.type = ADMIN_CONSOLE
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Info 1785153520500000000 1785153520500000000
        UPDATE on TAILNET.ACL via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = UPDATE
        tailscale.audit.event_group_id = 0b1c2d3e4f50617283940a1b2c3d4e5f
        tailscale.audit.new = {
          // v2
          "acls": [{"action":"accept","src":["*"],"dst":["*:*"]}]
        }

        tailscale.audit.old = {
          // v1
          "acls": []
        }

        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.id = tail-example.ts.net
        tailscale.target.name = tail-example.ts.net
        tailscale.target.property = ACL
        tailscale.target.type = TAILNET
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Info 1785153540000000000 1785153540000000000
        UPDATE on NODE.ALLOWED_IPS via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = UPDATE
        tailscale.audit.event_group_id = aa00000000000000000000000000000a
        tailscale.audit.new = ["100.64.10.1/32","fd7a:115c:a1e0::a01/128","192.0.2.0/24"]
        tailscale.audit.old = ["100.64.10.1/32","fd7a:115c:a1e0::a01/128"]
        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.ephemeral = false
        tailscale.target.id = nWEB1aaCNTRL
        tailscale.target.name = web-1.tail-example.ts.net
        tailscale.target.property = ALLOWED_IPS
        tailscale.target.type = NODE
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Info 1785153540000000000 1785153540000000000
        UPDATE on NODE.ACL_TAGS via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = UPDATE
        tailscale.audit.event_group_id = aa00000000000000000000000000000a
        tailscale.audit.new = ["tag:prod","tag:web"]
        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.ephemeral = false
        tailscale.target.id = nWEB1aaCNTRL
        tailscale.target.name = web-1.tail-example.ts.net
        tailscale.target.property = ACL_TAGS
        tailscale.target.type = NODE
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Info 1785153550000000000 1785153550000000000
        CREATE on API_KEY via CONFIG_API
        tailscale.actor.tags = tag:ci
        tailscale.actor.type = OAUTH_CLIENT
        tailscale.audit.action = CREATE
        tailscale.audit.event_group_id = bb00000000000000000000000000000b
        tailscale.audit.new = {"expires":"2026-08-27 12:15:48.688963096 +0000 UTC","capabilities":["auth_keys"],"domainLevel":false,"authTags":["tag:ci"],"description":"ci"}
        tailscale.audit.origin = CONFIG_API
        tailscale.target.id = kKEY9zzCNTRL
        tailscale.target.name = ci key
        tailscale.target.type = API_KEY
        user.id = kBOT1bbCNTRL
        """,
        """
        Info 1785153560000000000 1785153560000000000
        DISABLE on TAILNET.MAGIC_DNS via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = DISABLE
        tailscale.audit.event_group_id = cc00000000000000000000000000000c
        tailscale.audit.new = false
        tailscale.audit.old = true
        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.id = tail-example.ts.net
        tailscale.target.name = tail-example.ts.net
        tailscale.target.property = MAGIC_DNS
        tailscale.target.type = TAILNET
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Info 1785153570000000000 1785153570000000000
        UPDATE on TAILNET.MAX_KEY_DURATION via ADMIN_CONSOLE
        tailscale.actor.type = USER
        tailscale.audit.action = UPDATE
        tailscale.audit.event_group_id = dd00000000000000000000000000000d
        tailscale.audit.new = 90
        tailscale.audit.old = 180
        tailscale.audit.origin = ADMIN_CONSOLE
        tailscale.target.id = tail-example.ts.net
        tailscale.target.name = tail-example.ts.net
        tailscale.target.property = MAX_KEY_DURATION
        tailscale.target.type = TAILNET
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
        """
        Warn 1785153580000000000 1785153580000000000
        UPDATE on FAILED_REQUEST via CONTROL
        error.message = unexpected status 503
        tailscale.actor.type = LOGSTREAM
        tailscale.audit.action = UPDATE
        tailscale.audit.details = log streaming upload failed
        tailscale.audit.event_group_id = ee00000000000000000000000000000e
        tailscale.audit.origin = CONTROL
        tailscale.target.type = FAILED_REQUEST
        """,
        """
        Info 1785153590000000001 1785153590000000001
        UPDATE on NODE.KEY_EXPIRY_TIME via NODE
        tailscale.actor.tags = tag:prod,tag:web
        tailscale.actor.type = NODE
        tailscale.audit.action = UPDATE
        tailscale.audit.event_group_id = ff00000000000000000000000000000f
        tailscale.audit.new = 2027-01-23T11:59:50Z
        tailscale.audit.origin = NODE
        tailscale.target.ephemeral = true
        tailscale.target.id = nWEB1aaCNTRL
        tailscale.target.name = web-1.tail-example.ts.net
        tailscale.target.property = KEY_EXPIRY_TIME
        tailscale.target.type = NODE
        user.full_name = web-1
        user.id = nWEB1aaCNTRL
        """,
        """
        Info 1785153595000000000 1785153595000000000
        SOME_NEW_ACTION on OAUTH_ACCESS_TOKEN.SOME_NEW_PROPERTY via SOME_NEW_ORIGIN
        tailscale.actor.type = USER
        tailscale.audit.action = SOME_NEW_ACTION
        tailscale.audit.event_group_id = 12340000000000000000000000000abc
        tailscale.audit.origin = SOME_NEW_ORIGIN
        tailscale.target.id = x1
        tailscale.target.name = future
        tailscale.target.property = SOME_NEW_PROPERTY
        tailscale.target.type = OAUTH_ACCESS_TOKEN
        user.full_name = Ada Example
        user.id = uADA1aaCNTRL
        user.name = ada@example.com
        """,
    ];
}
