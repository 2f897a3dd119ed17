import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below Linux's range for outgoing connections, so that no client takes a port between its choice and its use. */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** That many different ports of 127.0.0.1 with nobody on them at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
