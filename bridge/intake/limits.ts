/** How long, and how many: what a sender cannot go beyond. Durations in milliseconds. */
export type Limits = {
  /** open connections of one receiver; one more is closed at once */
  connections: number;
  /** requests at the same time over one HTTP/2 connection */
  streams: number;
  /** a TLS handshake, or the head of an HTTP request; also a new connection that says nothing */
  headMs: number;
  /** a whole request, head and body */
  requestMs: number;
  /** an HTTP connection between two requests. SDKs export every 5 to 60 s: closing it sooner would meet the next export halfway */
  httpIdleMs: number;
  /** a gRPC connection without a call: costs about 50 kB each, and its client connects again by itself */
  grpcIdleMs: number;
  /** how often a gRPC peer that is silent is asked whether it lives, and how long it may take to answer */
  grpcPingMs: number;
  grpcPongMs: number;
  /** an early answer waits so long for its sender to stop sending: closing at once would reset the connection and lose the answer */
  lingerMs: number;
};

/** `connections` is `bridge.max.connections`; the others are not configured. */
export const LIMITS: Limits = {
  connections: 2000,
  streams: 128,
  headMs: 20_000,
  requestMs: 120_000,
  httpIdleMs: 75_000,
  grpcIdleMs: 600_000,
  grpcPingMs: 60_000,
  grpcPongMs: 20_000,
  lingerMs: 2_000,
};
