import { execa } from 'execa';
import type { Signal } from '../../../proto/vocabulary/signals.ts';
import { TELEMETRYGEN } from '../tools.ts';

/** Has telemetrygen send that many (of traces: each with a child span) to a port of 127.0.0.1 as fast as it can; it sends one a second by itself. */
export const telemetrygen = (signal: Signal, port: number, count: number, flags: readonly string[] = []) =>
  execa(TELEMETRYGEN, [
    signal,
    '--otlp-insecure',
    '--otlp-endpoint',
    `127.0.0.1:${port}`,
    `--${signal}`,
    String(count),
    '--rate',
    '0',
    ...flags,
  ]);
