import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A KAFKA_HOME whose kafka-run-class.sh is this shell script; its first argument is the class. `calls`: what each run was given, one line each. */
export type KafkaHome = { folder: string; env: Record<string, string>; calls(): string[]; remove(): void };

export function kafkaHome(script: string): KafkaHome {
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-kafka-home-'));
  mkdirSync(join(folder, 'bin'));
  const [tool, calls] = [join(folder, 'bin/kafka-run-class.sh'), join(folder, 'calls')];
  writeFileSync(calls, '');
  writeFileSync(tool, `#!/bin/sh\necho "$@" >>'${calls}'\n${script}\n`);
  chmodSync(tool, 0o755);
  return {
    folder,
    env: { KAFKA_HOME: folder, PATH: process.env['PATH'] ?? '' },
    calls: () => readFileSync(calls, 'utf8').split('\n').filter(Boolean),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** As JmxTool of Kafka 4.x is asked for its class of 3.x, and the other way round. */
export const onlyClass = (className: string, script: string): string =>
  `[ "$1" = ${className} ] || { echo "Error: Could not find or load main class $1" >&2; exit 1; }\n${script}`;
