import { once } from 'node:events';
import type { BridgeProcess } from '../../doubles/bridge-process.ts';
import { until } from '../../doubles/until.ts';

/** Lets a process open its inspector on a free port when it is signalled, and not before: nothing of it is there while memory is read. */
export const INSPECTABLE = ['--inspect-port=127.0.0.1:0'] as const;

type Answer = { id: number; result: { result?: { value: string } } };

/** What the process holds in ArrayBuffers once garbage is collected, in MB (10^6 bytes). */
export async function heldArrayBuffersMb(bridge: BridgeProcess): Promise<number> {
  bridge.kill('SIGUSR1');
  const url = await until('the inspector', () => /Debugger listening on (ws:\/\/\S+)/.exec(bridge.log())?.[1]);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const ask = async (id: number, method: string, params = {}): Promise<Answer['result']> => {
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ id, method, params }));
    const [{ data }] = (await answer) as [{ data: string }];
    return (JSON.parse(data) as Answer).result;
  };
  await ask(1, 'HeapProfiler.collectGarbage');
  const { result } = await ask(2, 'Runtime.evaluate', { expression: 'String(process.memoryUsage().arrayBuffers)' });
  socket.close();
  return Number(result!.value) / 1e6;
}
