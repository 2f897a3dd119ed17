/** Looks at the worker's host, through /proc when the worker is on this machine. */
export type Listener = {
  address: string;
  port: number;
  pid?: number;
  /** name of the program, and whether it is a Java process */
  command?: string;
  /** R, S, T (stopped), ... of the owning process */
  state?: string;
  /** descriptors that the process has open, and may have */
  files?: number;
  filesMax?: number;
  /** of a JVM: what it uses, in percent of one processor, and what of that its garbage collector does */
  cpuPercent?: number;
  collectorPercent?: number;
};

export type HostListeners = { listeners: Listener[]; /** false when other users' processes could not be read */ complete: boolean };

/** What a filter does with a connection to a port from elsewhere. some: only from some addresses or interfaces; unknown: its rules are more than we read. */
export type PortFate = 'open' | 'closed' | 'some' | 'unknown';

/** One of the tools that fill a host's packet filter, as it told of itself. */
export type HostFilter = {
  tool: 'ufw' | 'firewalld' | 'nft';
  /** off: it is there and filters nothing; missing: there is no such tool; denied: it tells root only */
  state: 'on' | 'off' | 'missing' | 'denied' | 'unread';
  /** how it said no */
  detail?: string;
  /** by port, where it is on: what happens, and the rule or policy that decides */
  fates: { port: number; fate: PortFate; by: string }[];
};

export type HostFirewall = {
  /** the host looked at, as a person would say it */
  where: string;
  /** the receivers' ports that were asked about */
  ports: number[];
  filters: HostFilter[];
};

/** An object of Kubernetes, with what of its labels and annotations names who keeps it (checks/derive/keepers.ts). */
export type KeptObject = { kind: string; name: string; namespace: string | null; marks: Record<string, string> };

/** The connector's own object, where there is one, the worker's pod, and what made it, in this order. */
export type HostKubernetes = { objects: KeptObject[] };

/** Settings of the worker's own file that concern its producers. */
export type WorkerFile = {
  path: string;
  /** by name without `producer.`; values of secrets are never read */
  producer: Record<string, string>;
  /** connector.client.config.override.policy, where it is set */
  overridePolicy?: string;
};
