import type { Address } from './receivers.ts';

/** One client as its environment shows it: what decides where, how and whether it exports. No value of a header is in it. */
export type ClientEnv = {
  /** `orders.env`, `process 4711 (python3)` */
  place: string;
  pid?: number;
  /** OTEL_* and proxy variables that say something about exporting, credentials left out */
  variables: Record<string, string>;
  /** names of the headers that each variable sets; their values are secrets */
  headers: Record<string, string[]>;
  /** of a process on this machine */
  network?: ClientNetwork;
};

export type ClientNetwork = {
  /** the process is in the network namespace that we look from */
  isOurs: boolean;
  /** sockets that listen in its own namespace, at most 200; read only where that is not ours */
  listening?: Address[];
};

/** What a client said when it could not export: the last lines of it. */
export type ClientError = {
  /** `the text given`, `app.log` */
  place: string;
  lines: string[];
};
