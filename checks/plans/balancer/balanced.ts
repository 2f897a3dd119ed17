/** Where a load balancer listens, and what it spreads requests over; a transport without servers is not balanced at all. */
export type Listen = { host: string; grpc: number; http: number };
export type Server = { name: string; host: string; port: number };
export type Balanced = { listen: Listen; grpc: readonly Server[]; http: readonly Server[] };
