import type { ClientEnv } from '../facts/index.ts';

/**
 * What of an environment says where and how a client exports. Sources: OpenTelemetry specification, "Environment Variable Specification" and
 * "OpenTelemetry Protocol Exporter"; proxies as curl, Python's requests and gRPC read them.
 */
const OF_EXPORTERS =
  /^OTEL_(?:EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?(?:ENDPOINT|PROTOCOL|HEADERS|TIMEOUT|COMPRESSION|INSECURE|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY)|(?:TRACES|METRICS|LOGS)_EXPORTER|SDK_DISABLED|TRACES_SAMPLER(?:_ARG)?|SERVICE_NAME)$/;
const OF_PROXIES = /^(?:https?_proxy|all_proxy|grpc_proxy|no_proxy|no_grpc_proxy)$/i;

const MOST_CHARACTERS = 500;

/** Headers are named and never shown; addresses lose their credentials and queries. */
export function readClientEnv(all: Readonly<Record<string, string | undefined>>): Pick<ClientEnv, 'variables' | 'headers'> {
  const variables: Record<string, string> = {};
  const headers: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined || value.trim() === '' || !(OF_EXPORTERS.test(name) || OF_PROXIES.test(name))) continue;
    if (name.endsWith('_HEADERS')) headers[name] = headerNames(value);
    else variables[name] = withoutSecrets(value.trim()).slice(0, MOST_CHARACTERS);
  }
  return { variables, headers };
}

/** `api-key=…,x-tenant=…` → the names; what has none may be a secret itself. */
const headerNames = (value: string): string[] =>
  value.split(',').flatMap((pair) => /^\s*([\w-]{1,64})\s*=/.exec(pair)?.[1]?.toLowerCase() ?? []);

/** Userinfo up to the last @ before the path, and everything from the first ? on. */
const withoutSecrets = (value: string): string =>
  value.replace(/^([a-z][\w+.-]*:\/\/)?[^/]*@/i, (_all, scheme: string | undefined) => scheme ?? '').replace(/\?.*$/s, '');
