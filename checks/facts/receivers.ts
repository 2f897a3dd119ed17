/** A look at one OTLP port. Refused, reset, name and connect time-outs are failures; everything after a completed connect is a value. */
export type Address = { host: string; port: number };

/**
 * What came back on the open connection: http2 (SETTINGS frame), http1 (a status line), tls (a TLS record),
 * closed (closed without a byte), silence (nothing in time), other (bytes of something else).
 */
export type Spoke = 'http2' | 'http1' | 'tls' | 'closed' | 'silence' | 'other';

/** gRPC: preface and SETTINGS over a plain socket. */
export type GrpcLook = {
  address: Address;
  spoke: Spoke;
  /** a TLS hello is answered; asked only when plain HTTP/2 is not */
  tls?: boolean;
  /** what came back inside TLS, where the hello was answered on a plain address */
  inTls?: Spoke;
  excerpt?: string;
};

/** HTTP: `GET /v1/traces`; 405 proves an OTLP/HTTP receiver and writes nothing. */
export type HttpLook = {
  address: Address;
  spoke: Spoke;
  status?: number;
  contentType?: string;
  server?: string;
  tls?: boolean;
  /** as in GrpcLook; status and headers are then those of the answer inside */
  inTls?: Spoke;
  excerpt?: string;
};

/** gRPC server reflection, v1 then v1alpha. supported false: a gRPC server that has none, as the connector. */
export type ReflectionLook = {
  supported: boolean;
  version?: 'v1' | 'v1alpha';
  services: string[];
  grpcStatus?: number;
  grpcMessage?: string;
};
