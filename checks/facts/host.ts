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
