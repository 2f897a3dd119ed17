import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * How one request that changes something is met. lose: carried out, and its answer never comes back. accept: answered as done, and never carried out.
 * A function is called in place of an answer, and nothing is carried out.
 */
export type Meeting = 'usual' | 'hang' | 'lose' | 'cut' | 'accept' | (() => void);

/** Stands between a client and a broker, and reads what requests there are. */
export type KafkaTap = {
  port: number;
  /** CreatePartitions that came */
  changes(): number;
  /** of the nth from 0 */
  meet(manner: (nth: number) => Meeting): void;
  /** Nobody is there any more, until it is opened again. */
  shut(): Promise<void>;
  open(): Promise<void>;
};

/** Kafka protocol, API keys. */
const CREATE_PARTITIONS = 37;

/** Whole messages, each behind its length. */
function framing(told: (frame: Buffer) => void): (chunk: Buffer) => void {
  let left = Buffer.alloc(0);
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    while (left.length >= 4 && left.length >= 4 + left.readInt32BE(0)) {
      const end = 4 + left.readInt32BE(0);
      told(left.subarray(0, end));
      left = left.subarray(end);
    }
  };
}

/** Header: length, key, version, correlation id, client id; then the number of topics and the first one's name. Source: Kafka protocol, CreatePartitions 0. */
function acceptance(frame: Buffer): Buffer {
  const topicAt = 14 + Math.max(0, frame.readInt16BE(12)) + 4;
  const name = frame.subarray(topicAt, topicAt + 2 + frame.readInt16BE(topicAt));
  const [throttle, topics, error] = [Buffer.alloc(4), Buffer.from([0, 0, 0, 1]), Buffer.from([0, 0, 0xff, 0xff])];
  const body = Buffer.concat([frame.subarray(8, 12), throttle, topics, name, error]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Listens on a free port of 127.0.0.1; `to` is where the broker listens for those who come this way. */
export async function kafkaTap(to: number): Promise<KafkaTap> {
  let manner: (nth: number) => Meeting = () => 'usual';
  let changes = 0;
  const open = new Set<Socket>();
  const hold = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    hold(client);
    const broker = hold(connect(to, '127.0.0.1'));
    client.on('close', () => broker.destroy());
    broker.on('close', () => client.destroy());
    const lost = new Set<number>();
    const onRequest = (frame: Buffer): void => {
      if (frame.readInt16BE(4) !== CREATE_PARTITIONS) return void broker.write(frame);
      const met = manner(changes++);
      if (met === 'usual') broker.write(frame);
      else if (met === 'lose') {
        lost.add(frame.readInt32BE(8));
        broker.write(frame);
      } else if (met === 'cut') client.destroy();
      else if (met === 'accept') client.write(acceptance(frame));
      else if (met !== 'hang') met();
    };
    client.on('data', framing(onRequest));
    broker.on(
      'data',
      framing((frame) => {
        if (!lost.has(frame.readInt32BE(4))) client.write(frame);
      }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    open: async () => {
      if (!server.listening) await once(server.listen(port, '127.0.0.1'), 'listening');
    },
    changes: () => changes,
    meet: (next) => {
      manner = next;
      changes = 0;
    },
    shut: async () => {
      if (!server.listening) return;
      const closed = once(server.close(), 'close');
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
