import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Recorded = { method: string; path: string; body: string };
export type Recorder = { url: string; requests: Recorded[]; close(): Promise<void> };

/** An HTTP proxy on a free port of 127.0.0.1 before `origin` that keeps what was asked. */
export async function recorder(origin: string): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url: path = '/', headers } = asked;
      requests.push({ method, path, body: body.toString('utf8') });
      const onward = request(new URL(path, origin), { method, headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      onward.end(body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}
