# syntax=docker/dockerfile:1
# One exact Node, the one that npm brings to hosts; a release pins it by digest as well (CONTRIBUTING.md).
# The server needs no build; the web app is built once, and its tools stay behind.
FROM node:26.10.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY contract contract
COPY scripts scripts
COPY web web
RUN node -e "import('/app/scripts/web-build.mjs').then((build) => build.ensureWebBuilt('/app'))"

FROM node:26.10.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Node comes with the image: the copy that npm brings for hosts without it is not needed.
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/node-bin-*

FROM node:26.10.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY contract contract
COPY docs docs
COPY server server
COPY --from=build /app/web/dist web/dist
# `docker compose exec matinee matinee backup …`; the only folder that is written to is /app/data.
RUN printf '#!/bin/sh\ncd /app && exec node server/main.ts "$@"\n' > /usr/local/bin/matinee \
  && chmod 755 /usr/local/bin/matinee \
  && mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "server/main.ts"]
CMD ["serve"]
