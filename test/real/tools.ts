import { resolve } from 'node:path';

/** Where test/real/install put its tools. */
export const TOOLS = process.env.OTLPCTL_TOOLS ?? resolve(import.meta.dirname, '../../.cache/real');
/** The stand-in connector's jars. */
export const CONNECTOR_PLUGIN = `${TOOLS}/connector/plugin`;
export const GRPCURL = `${TOOLS}/bin/grpcurl`;
export const PYTHON = `${TOOLS}/python/bin/python`;
/** Kubernetes' own schemas with a judge, and a reader of YAML. */
export const KUBERNETES_VALIDATE = `${TOOLS}/kubernetes/bin/kubernetes-validate`;
export const KUBERNETES_PYTHON = `${TOOLS}/kubernetes/bin/python`;
/** Of PyPI's wheel. */
export const ENVOY = `${TOOLS}/envoy/envoy/_bin/envoy`;
/** Debian's packages. */
export const HAPROXY = '/usr/sbin/haproxy';
export const NGINX = '/usr/sbin/nginx';
export const PROMETHEUS = '/usr/bin/prometheus';
/** The Collector that test/real/collector/builder.yaml lists. */
export const COLLECTOR = `${TOOLS}/bin/otelcol`;
/** What test/real/clients/install put beside them. */
export const TELEMETRYGEN = `${TOOLS}/bin/telemetrygen`;
export const OTEL_CLI = `${TOOLS}/bin/otel-cli`;
export const BUF = `${TOOLS}/buf/node_modules/.bin/buf`;
export const PYTHON_SDK = `${TOOLS}/python-sdk/bin/python`;
