{{- define "squaredeal.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "squaredeal.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* Where pods go: never two of a kind on one node if that can be, and spread over the zones. */ -}}
{{- define "squaredeal.placement" -}}
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "squaredeal.selector" $ | nindent 8 }}
  {{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* The files of a secret: .name is the secret's, of those that the chart knows. */ -}}
{{- define "squaredeal.secretVolume" -}}
- name: {{ .name }}
  secret:
    secretName: {{ .root.Release.Name }}-{{ .name }}
    defaultMode: 0440
{{- end -}}

{{- /* Numbered keys are optional, each by itself: one that is added to its secret is there without a
new pod, one that is taken out is gone. Where none is left, the process says so. */ -}}
{{- define "squaredeal.keysVolume" -}}
- name: keys
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ .root.Release.Name }}-verifying
          items:
            - { key: public.jwks, path: public.jwks }
      {{- range $kind := .kinds }}
      - secret:
          name: {{ $.root.Release.Name }}-{{ $kind }}
          optional: true
          items:
            {{- range $number := list "0001" "0002" "0003" "0004" "0005" "0006" "0007" "0008" "0009" }}
            {{- if eq $kind "signing" }}
            - { key: {{ $number }}.pem, path: {{ $number }}.pem }
            {{- else }}
            - { key: {{ $number }}.key, path: {{ $kind }}/{{ $number }}.key }
            {{- end }}
            {{- end }}
      {{- end }}
{{- end -}}

{{- /* What every pod that reads the settings needs, in files. */ -}}
{{- define "squaredeal.settingsVolumes" -}}
- name: config
  configMap:
    name: {{ include "squaredeal.configName" .root }}
- name: tmp
  emptyDir: {}
{{- $names := list "database" "redis" "operator" }}
{{- if .root.Values.secrets.mail }}{{ $names = append $names "mail" }}{{ end }}
{{- if .root.Values.secrets.oidc }}{{ $names = append $names "oidc" }}{{ end }}
{{- range $name := $names }}
{{ include "squaredeal.secretVolume" (dict "root" $.root "name" $name) }}
{{- end }}
{{- end -}}

{{- define "squaredeal.settingsMounts" -}}
- { name: config, mountPath: /etc/squaredeal, readOnly: true }
- { name: tmp, mountPath: /tmp }
- { name: database, mountPath: /run/secrets/database, readOnly: true }
- { name: redis, mountPath: /run/secrets/redis, readOnly: true }
- { name: operator, mountPath: /run/secrets/operator, readOnly: true }
{{- if .Values.secrets.mail }}
- { name: mail, mountPath: /run/secrets/mail, readOnly: true }
{{- end }}
{{- if .Values.secrets.oidc }}
- { name: oidc, mountPath: /run/secrets/oidc, readOnly: true }
{{- end }}
{{- end -}}

{{- define "squaredeal.env" -}}
- { name: HOME, value: /tmp }
- { name: SQUAREDEAL_CONFIG, value: /etc/squaredeal/settings.toml }
{{- end -}}
