# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrations; which it is, the command says (docker-compose.yml).

FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HOST=0.0.0.0 \
    PORT=8000 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media
RUN groupadd --system --gid 10001 desk \
    && useradd --system --uid 10001 --gid desk --no-create-home --home-dir /nonexistent desk
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
COPY --from=front-end /build/node_modules/echarts/dist node_modules/echarts/dist
COPY --from=front-end /build/node_modules/sortablejs node_modules/sortablejs
# What statements are written with as PDF.
COPY --from=front-end /build/node_modules/@expo-google-fonts/noto-sans-sc/400Regular node_modules/@expo-google-fonts/noto-sans-sc/400Regular
COPY --from=front-end /build/node_modules/@expo-google-fonts/noto-sans-sc/700Bold node_modules/@expo-google-fonts/noto-sans-sc/700Bold
# DEMO stands for the settings of production here, none of which the build may know; it is not kept in the image.
RUN python -m devtools.messages compile \
    && DEMO=1 python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q -j 0 /app \
    && install -d -o desk -g desk -m 750 /srv/media
USER desk
EXPOSE 8000
VOLUME /srv/media
STOPSIGNAL SIGTERM
CMD ["python", "-m", "config.serve"]
