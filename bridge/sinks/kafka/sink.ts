import type { Log } from '../../log.ts';
import type { KafkaSettings } from '../../settings/kafka.ts';
import type { Outlet, Sink } from '../sink.ts';
import { createEntrances } from './entrances.ts';
import { catchStrays, quietLog } from './library.ts';
import { openKafkaOutlet } from './outlet.ts';

const shown = ({ brokers }: KafkaSettings) =>
  brokers.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');

/** Kafka. Nobody waits for what is asked of it before there is something to say: a broker that is down keeps nobody from starting. */
export function openKafkaSink(settings: KafkaSettings, log: Log): Sink {
  const leaveOff = catchStrays(log);
  const say = quietLog(log, Date.now);
  // One for all outlets: who opens one for a moment, to deliver what was spilled, begins with the server that let the others in.
  const entrances = createEntrances(settings.brokers.length);
  const open = new Set<Outlet>();
  return {
    place: `kafka ${shown(settings)}`,
    open(to) {
      const outlet = openKafkaOutlet(to, { settings, entrances, log, sayOfLibrary: say });
      open.add(outlet);
      return {
        ...outlet,
        async close() {
          open.delete(outlet);
          await outlet.close();
        },
      };
    },
    async close() {
      await Promise.all([...open].map((outlet) => outlet.close()));
      // What the library still had to say has been said by then.
      setTimeout(leaveOff, 1000).unref();
    },
  };
}
