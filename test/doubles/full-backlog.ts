import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Double } from './listen.ts';

const PROGRAM = "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";
/** A connect that has not come through by then meets a full queue: on loopback it takes well under a millisecond. */
const FULL_AFTER_MS = 150;

/** A port whose connects vanish, as behind a filter that drops packets: a stopped process that listens and whose queue is full. No root needed. */
export async function fullBacklog(): Promise<Double> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const sockets: Socket[] = [];
  for (let full = false; !full;) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    sockets.push(socket);
    full = !(await Promise.race([once(socket, 'connect').then(() => true), pause(FULL_AFTER_MS, false)]));
  }
  return {
    port,
    connections: () => sockets.length,
    async close() {
      sockets.forEach((socket) => socket.destroy());
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
