{{- define "tailscale2otel.name" -}}
{{- if contains "tailscale2otel" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tailscale2otel" (.Release.Name | trunc 25 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "tailscale2otel.selector" -}}
app.kubernetes.io/name: tailscale2otel
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tailscale2otel.labels" -}}
{{ include "tailscale2otel.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- /* The number behind the last colon of an address. */ -}}
{{- define "tailscale2otel.port" -}}
{{ regexFind "[0-9]+$" . }}
{{- end }}

{{- define "tailscale2otel.probe" -}}
httpGet:
  path: {{ .path }}
  port: admin
  {{- if dig "tls" "cert_file" "" .admin }}
  scheme: HTTPS
  {{- end }}
{{- end }}
