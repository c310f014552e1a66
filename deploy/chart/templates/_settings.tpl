{{- /* What the chart decides of serve/settings.py. JSON's strings, numbers, booleans and lists are
TOML's too; toToml would make 8000.0 of 8000. */ -}}
{{- define "squaredeal.settings" -}}
data_dir = "/tmp/squaredeal"
keys_dir = "/run/secrets/keys"
host = "0.0.0.0"
port = 8000
table_host = "0.0.0.0"
table_address = "node"
table_ports = {{ printf "%d-%d" (int .Values.tablePorts.first) (int .Values.tablePorts.last) | toJson }}
dedicated_nodes = true
edge = true
public_url = {{ .Values.publicUrl | toJson }}
trusted_proxies = {{ .Values.network.pods | toJson }}
database_dsn_file = "/run/secrets/database/postgres.dsn"
{{- if .Values.secrets.replica }}
replica_dsn_file = "/run/secrets/database/replica.dsn"
{{- end }}
redis_url_file = "/run/secrets/redis/redis.url"
operator_token_file = "/run/secrets/operator/operator.token"
{{- if .Values.secrets.mail }}
mail_url_file = "/run/secrets/mail/mail.url"
{{- end }}
{{- if .Values.secrets.oidc }}
oidc_file = "/run/secrets/oidc/oidc.toml"
{{- end }}
{{- if .Values.tables }}
tables_file = "/etc/squaredeal/tables.toml"
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }} = {{ $value | toJson }}
{{- end }}
{{- end -}}

{{- define "squaredeal.configData" -}}
settings.toml: |
  {{- include "squaredeal.settings" . | nindent 2 }}
{{- if .Values.tables }}
tables.toml: |
  {{- .Values.tables | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "squaredeal.edgeConfig" -}}
api = {{ printf "%s-api:8000" .Release.Name | toJson }}
{{- if .Values.web.enabled }}
pages = {{ printf "%s-web:8080" .Release.Name | toJson }}
{{- end }}
bind = "*:8443"
metrics_bind = "*:8405"
public_keys_file = "/run/secrets/keys/public.jwks"
route_keys_dir = "/run/secrets/keys/edge"
certificate_file = "/run/secrets/tls/edge.pem"
table_networks = {{ .Values.network.pods | toJson }}
table_ports = {{ printf "%d-%d" (int .Values.tablePorts.first) (int .Values.tablePorts.last) | toJson }}
proxy_protocol = {{ .Values.edge.proxyProtocol }}
grace_s = {{ .Values.edge.graceSeconds | int }}
{{- range $name, $value := .Values.edge.limits }}
{{ $name }} = {{ $value | toJson }}
{{- end }}
{{- end -}}

{{- define "squaredeal.edgeConfigName" -}}
{{ .Release.Name }}-edge-{{ include "squaredeal.edgeConfig" . | sha256sum | trunc 8 }}
{{- end -}}

{{- define "squaredeal.serveConfig" -}}
proxy_location: EveryNode
http_options:
  host: 0.0.0.0
  port: 8000
logging_config:
  log_level: WARNING
  enable_access_log: false
applications:
  - name: squaredeal
    route_prefix: /
    import_path: serve.app:build
    args:
      config: /etc/squaredeal/settings.toml
    deployments:
      {{- range $name := list "gateway" "auth" "wallet" }}
      {{- $each := index $.Values.serve $name }}
      - name: {{ $name }}
        autoscaling_config:
          min_replicas: {{ $each.min | int }}
          max_replicas: {{ $each.max | int }}
          target_ongoing_requests: {{ $each.target }}
          upscale_delay_s: 10
          downscale_delay_s: 600
        ray_actor_options:
          num_cpus: {{ $each.cpus }}
          resources: { serve: 0.001 }
      {{- end }}
      - name: rail
        num_replicas: {{ .Values.serve.rail.replicas | int }}
        ray_actor_options:
          num_cpus: {{ .Values.serve.rail.cpus }}
          resources: { serve: 0.001 }
{{- end -}}
