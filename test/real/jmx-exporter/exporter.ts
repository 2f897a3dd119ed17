import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { otlpctl } from '../../doubles/otlpctl.ts';
import { part, type Part } from '../stand/part.ts';
import { freePorts } from '../stand/ports.ts';
import type { Stand } from '../stand/stand.ts';
import { TOOLS } from '../tools.ts';

/** A jmx_exporter beside a worker. `page`: host:port of what Prometheus scrapes. */
export type Exporter = { url: string; page: string; process: Part };

type Owner = { after(cleanUp: () => Promise<void> | void): unknown };

/** Runs jmx_exporter 1.6 with this configuration until its owner ends; it serves once it answers a scrape. */
export async function startExporter(owner: Owner, stand: Pick<Stand, 'adopt'>, config: string): Promise<Exporter> {
  const [port] = (await freePorts(1)) as [number];
  const folder = mkdtempSync(join(tmpdir(), 'otlpctl-exporter-'));
  owner.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'jmx-exporter.yml');
  writeFileSync(file, config);
  const page = `127.0.0.1:${port}`;
  const url = `http://${page}/metrics`;
  const process = part(
    {
      name: 'jmx_exporter',
      logFile: join(folder, 'exporter.log'),
      command: [
        'java',
        '-XX:TieredStopAtLevel=1',
        '-cp',
        `${TOOLS}/jmx-exporter/*`,
        resolve(import.meta.dirname, 'Jmx.java'),
        String(port),
        file,
      ],
      ready: () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
    },
    stand.adopt,
  );
  owner.after(process.kill);
  await process.start();
  return { url, page, process };
}

/** What `otlpctl alerts jmx-exporter-config` writes for an exporter beside the worker. */
export async function writtenConfig(jmxUrl: string): Promise<string> {
  const { code, stdout, stderr } = await otlpctl(['alerts', 'jmx-exporter-config', '--jmx-url', jmxUrl]);
  assert.equal(code, 0, stderr);
  return stdout;
}
