{{- define "squaredeal.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end -}}
{{- end -}}

{{- /* A component's pods; the dict has root and component. */ -}}
{{- define "squaredeal.selector" -}}
app.kubernetes.io/name: squaredeal
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "squaredeal.labels" -}}
{{ include "squaredeal.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end -}}

{{- define "squaredeal.apiUrl" -}}
http://{{ .Release.Name }}-api:8000
{{- end -}}

{{- /* One version of settings is one ConfigMap that never changes: pods and Serve's config name it,
so that a change reaches both at once. */ -}}
{{- define "squaredeal.configName" -}}
{{ .Release.Name }}-config-{{ include "squaredeal.configData" . | sha256sum | trunc 8 }}
{{- end -}}
