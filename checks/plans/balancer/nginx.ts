import { bracketed } from '../../address.ts';
import type { Balanced, Server } from './balanced.ts';

/** NGINX 1.13.10 and later. Source: nginx.org, ngx_http_grpc_module, ngx_http_upstream_module, ngx_http_v2_module. */

const upstream = (name: string, all: readonly Server[]): string => `
    upstream ${name} {
${all.map((server) => `        server ${bracketed(server.host)}:${server.port} max_fails=1 fail_timeout=5s;  # ${server.name}`).join('\n')}
        keepalive 32;
    }
`;

const grpc = ({ listen, grpc: all }: Balanced): string =>
  all.length === 0
    ? ''
    : `${upstream('otlp_grpc', all)}
    server {
        listen ${bracketed(listen.host)}:${listen.grpc} http2;
        # The connector takes 4 MiB over gRPC.
        client_max_body_size 5m;
        # A gRPC client keeps its connection for good; ending it after the usual 1,000 calls costs retries.
        keepalive_requests 1000000;
        location / {
            grpc_pass grpc://otlp_grpc;
            grpc_read_timeout 30s;
            grpc_next_upstream error;
            add_header x-served-by $upstream_addr always;
        }
    }
`;

const http = ({ listen, http: all }: Balanced): string =>
  all.length === 0
    ? ''
    : `${upstream('otlp_http', all)}
    server {
        listen ${bracketed(listen.host)}:${listen.http};
        # The connector takes 10 MiB over HTTP.
        client_max_body_size 10m;
        location / {
            proxy_pass http://otlp_http;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout 30s;
            # What was sent is never sent again from here: exporters do that by themselves.
            proxy_next_upstream error;
            add_header x-served-by $upstream_addr always;
        }
    }
`;

export const nginxConfig = (
  balanced: Balanced,
): string => `# NGINX 1.13.10 or later in front of OTLP connectors, without TLS. It asks nobody whether he is there: one that refuses is left out for 5 s.
# Judge it with: nginx -t -c /path/to/nginx.conf
worker_processes auto;
events {
    worker_connections 4096;
}
http {
    access_log off;
${grpc(balanced)}${http(balanced)}}
`;
