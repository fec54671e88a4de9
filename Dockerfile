# One image for every role: `pickwave serve`, `pickwave migrate`, … The builder uses the same make targets as a
# checkout, so what it does is what `make test` has exercised.

FROM python:3.11-slim-bookworm AS builder
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make site SITE=/opt/pickwave

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin pickwave \
    && install -d -o pickwave -g pickwave -m 0750 /data
COPY --from=builder /opt/pickwave /opt/pickwave
ENV PATH=/opt/pickwave/bin:$PATH PYTHONUNBUFFERED=1 \
    PICKWAVE_HOST=0.0.0.0 PICKWAVE_PORT=8300 PICKWAVE_DATA_DIR=/data
USER pickwave
VOLUME /data
EXPOSE 8300
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["pickwave", "health"]
ENTRYPOINT ["pickwave"]
CMD ["serve"]
