{{- define "squaredeal.rayPods" -}}
matchLabels:
  app.kubernetes.io/instance: {{ .Release.Name }}
matchExpressions:
  - { key: app.kubernetes.io/component, operator: In, values: [head, serve, tables] }
{{- end -}}

{{- /* A store outside the cluster: a port, and the addresses it is at, if they are known. */ -}}
{{- define "squaredeal.outside" -}}
- ports:
    - { port: {{ .port | int }} }
  {{- with .cidrs }}
  to:
    {{- range $cidr := . }}
    - ipBlock: { cidr: {{ $cidr }} }
    {{- end }}
  {{- end }}
{{- end -}}
