# Pandu as an image: libraries first, code after, nothing of the build left behind.
# Pin the base further by its digest: docker build --build-arg PYTHON_IMAGE=python:…@sha256:… .
ARG PYTHON_IMAGE=python:3.13.9-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/
RUN python -m pip install --require-hashes -r requirements/build.txt
RUN uv venv /opt/pandu \
 && uv pip install --python /opt/pandu/bin/python --require-hashes -r requirements/run.txt
COPY pyproject.toml ./
COPY bot bot
COPY db db
COPY locales locales
COPY simulator simulator
RUN python -m hatchling build -t wheel -d dist \
 && uv pip install --python /opt/pandu/bin/python --no-deps dist/*.whl

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/pandu/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PANDU_DATA_DIR=/data \
    PANDU_LOG=json
COPY --from=build /opt/pandu /opt/pandu
# A volume takes its owner from the folder it is first mounted on.
RUN install -d -o 10001 -g 10001 -m 0700 /data
# From here the default address of the database means /data/pandu.db.
WORKDIR /
VOLUME /data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["pandu", "health"]
ENTRYPOINT ["pandu"]
CMD ["run"]
