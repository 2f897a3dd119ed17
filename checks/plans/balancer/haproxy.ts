import { bracketed } from '../../address.ts';
import { PORTS } from '../../../proto/vocabulary/connect.ts';
import { SIGNAL } from '../../../proto/vocabulary/signals.ts';
import type { Balanced, Server } from './balanced.ts';

/** HAProxy 2.4 and later. Source: HAProxy configuration manual, "proto", "option httpchk", "option redispatch". */

const servers = (all: readonly Server[], more: string): string =>
  all.map(({ name, host, port }) => `    server ${name} ${bracketed(host)}:${port}${more} check inter 2s fall 2 rise 1`).join('\n');

const grpc = ({ listen, grpc: all }: Balanced): string =>
  all.length === 0
    ? ''
    : `
frontend otlp-grpc
    bind ${bracketed(listen.host)}:${listen.grpc} proto h2
    default_backend connectors-grpc

backend connectors-grpc
    # An open port is all that can be asked for: the connector has no health service.
    http-response set-header x-served-by %s
${servers(all, ' proto h2')}
`;

const http = ({ listen, http: all }: Balanced): string =>
  all.length === 0
    ? ''
    : `
frontend otlp-http
    bind ${bracketed(listen.host)}:${listen.http}
    default_backend connectors-http

backend connectors-http
    # A GET writes nothing, and 405 is what an OTLP receiver says to it.
    option httpchk
    http-check send meth GET uri ${SIGNAL.traces.path}
    http-check expect status 405
    http-response set-header x-served-by %s
${servers(all, '')}
`;

export const haproxyConfig = (
  balanced: Balanced,
): string => `# HAProxy 2.4 or later in front of OTLP connectors, without TLS; by default OTLP/gRPC comes to ${PORTS.grpc} and OTLP/HTTP to ${PORTS.http}.
# Every request goes to a connector of its own, also those of one gRPC channel. Judge it with: haproxy -c -f haproxy.cfg
global
    maxconn 4000

defaults
    mode http
    timeout connect 2s
    timeout check 2s
    # Exporters keep connections between two exports, and wait 10 s for an answer unless told otherwise.
    timeout client 2m
    timeout server 30s
    timeout http-request 30s
    # Another one is tried where none could be connected to; what was sent is never sent again from here.
    retries 3
    option redispatch 1
    balance roundrobin
${grpc(balanced)}${http(balanced)}`;
