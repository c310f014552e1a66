{{- /* Of a Deployment without state. */ -}}
{{- define "squaredeal.scaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "squaredeal.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .root.Release.Name }}-{{ .component }}
  minReplicas: {{ .replicas.min | int }}
  maxReplicas: {{ .replicas.max | int }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .percent | int }}
  behavior:
    scaleDown:
      # Players come in waves; a pod that goes takes its connections along.
      stabilizationWindowSeconds: 600
{{- end -}}
