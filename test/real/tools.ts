import { resolve } from 'node:path';

/** Where test/real/install put its tools. */
export const TOOLS = process.env.OTLPCTL_TOOLS ?? resolve(import.meta.dirname, '../../.cache/real');
export const GRPCURL = `${TOOLS}/bin/grpcurl`;
export const PYTHON = `${TOOLS}/python/bin/python`;
/** The Collector that test/real/collector/builder.yaml lists. */
export const COLLECTOR = `${TOOLS}/bin/otelcol`;
