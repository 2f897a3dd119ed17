import { connect, createServer } from 'node:net';
import { listen, type Double } from '../../doubles/listen.ts';

/** Three bytes that every gzip stream begins with. */
const GZIP = Buffer.of(0x1f, 0x8b, 0x08);

/** Stands before a port of 127.0.0.1 and passes bytes on as they are. `heardGzip`: a client sent a gzip stream through it. */
export async function tap(port: number): Promise<Double & { heardGzip(): boolean }> {
  const heard: Buffer[] = [];
  const server = createServer((client) => {
    const onward = connect(port, '127.0.0.1');
    onward.on('error', () => client.destroy());
    client.on('data', (bytes) => heard.push(bytes as Buffer));
    client.on('close', () => onward.destroy());
    client.pipe(onward).pipe(client);
  });
  return { ...(await listen(server)), heardGzip: () => Buffer.concat(heard).includes(GZIP) };
}
