# syntax=docker/dockerfile:1.7
# Two images of one build: `server` (everything in Python, HAProxy included) and `web` (the pages).
# The dependencies are those of the lock file, by hash; what is ours is one wheel.

FROM python:3.11.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY deploy/compose/lock.py deploy/compose/lock.py
COPY requirements.lock pyproject.toml ./
# uv is pinned by the lock file itself; what only development needs is left out.
RUN python -m venv /opt/squaredeal \
    && python deploy/compose/lock.py uv > /tmp/uv.lock \
    && python deploy/compose/lock.py > /tmp/runtime.lock \
    && /opt/squaredeal/bin/pip install --require-hashes -r /tmp/uv.lock \
    && /opt/squaredeal/bin/uv pip install --no-cache --python /opt/squaredeal/bin/python \
        --require-hashes -r /tmp/runtime.lock
COPY . .
RUN /opt/squaredeal/bin/uv pip install --no-cache --python /opt/squaredeal/bin/python \
        --no-deps --no-build-isolation .

FROM node:22.12.0-bookworm-slim AS pages
WORKDIR /src/client/web
COPY client/web/package.json client/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY client/web ./
COPY docs /src/docs
ENV NEXT_TELEMETRY_DISABLED=1
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.27.3-alpine AS web
COPY deploy/compose/pages.conf /etc/nginx/conf.d/default.conf
COPY --from=pages /src/client/web/out /usr/share/nginx/html

FROM python:3.11.11-slim-bookworm AS server
# The same number everywhere: secrets are files of this account.
RUN groupadd --gid 10001 squaredeal \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/squaredeal --create-home squaredeal \
    && install -d -o 10001 -g 10001 -m 0750 /secrets /secrets/owner /secrets/app /secrets/edge \
        /secrets/redis /secrets/public /var/log/squaredeal /tmp/ray /probe
COPY --from=build /opt/squaredeal /opt/squaredeal
ENV PATH=/opt/squaredeal/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    RAY_USAGE_STATS_ENABLED=0 RAY_worker_niceness=0
USER 10001:10001
WORKDIR /var/lib/squaredeal
ENTRYPOINT ["squaredeal"]
CMD ["--help"]
