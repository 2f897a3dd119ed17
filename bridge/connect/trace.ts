import { isTlsFault, type TlsFault } from '../intake/tls-files.ts';
import { inUrl } from '../loopback.ts';
import type { StartFault } from './task-config.ts';

/** Where a receiver could not be opened: the system's error, and which port. */
export type BindError = NodeJS.ErrnoException & { receiver?: 'grpc' | 'http'; host?: string; port?: number };

const SOURCE_TASK = 'io.conduktor.connect.otel.OpenTelemetrySourceTask.start(OpenTelemetrySourceTask.java)';
const SOURCE_CONNECTOR = 'io.conduktor.connect.otel.OpenTelemetrySourceConnector.start(OpenTelemetrySourceConnector.java)';
const RECEIVER = 'io.conduktor.connect.otel.OtlpReceiver.start(OtlpReceiver.java)';

type Link = { exception: string; message: string; at?: string };

/** A trace in the form in which Java prints one: what people, and tools, search in `tasks[].trace`. */
const printed = (links: readonly Link[]): string =>
  links
    .map(
      ({ exception, message, at }, index) =>
        `${index === 0 ? '' : 'Caused by: '}${exception}: ${message}\n${at === undefined ? '' : `\tat ${at}\n`}`,
    )
    .join('');

/** The system's words for the errors of opening a port, as a JVM passes them on. */
const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Address already in use',
  EACCES: 'Permission denied',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
};

const words = (error: BindError) => WORDS[error.code ?? ''] ?? error.message;

/** What `event=otlp_receiver_start_failed error=` says. */
const bindFailure = (error: BindError): string =>
  error.receiver === 'http' ? words(error) : `Failed to bind to address /${inUrl(error.host ?? '')}:${error.port ?? 0}`;

/** Trace of a task whose receiver could not open its port; the two transports fail with different exceptions in a JVM. */
function bindTrace(error: BindError): string {
  const causes: Link[] =
    error.receiver === 'http'
      ? [
          {
            exception: error.code === 'EACCES' ? 'java.net.SocketException' : 'java.net.BindException',
            message: words(error),
            at: RECEIVER,
          },
        ]
      : [
          { exception: 'java.io.IOException', message: bindFailure(error), at: RECEIVER },
          { exception: 'io.grpc.netty.shaded.io.netty.channel.unix.Errors$NativeIoException', message: `bind(..) failed: ${words(error)}` },
        ];
  return printed([{ exception: 'java.lang.RuntimeException', message: 'Failed to start OTLP receiver', at: SOURCE_TASK }, ...causes]);
}

/** Trace of a task that TLS was asked of and cannot be given: the cause names the key, the file and the reason. */
const tlsTrace = ({ message, tlsFile }: TlsFault): string =>
  printed([
    { exception: 'java.lang.RuntimeException', message: 'Failed to start OTLP receiver', at: SOURCE_TASK },
    { exception: tlsFile.missing ? 'java.io.FileNotFoundException' : 'java.lang.IllegalArgumentException', message, at: RECEIVER },
  ]);

/** Why receivers did not open: what the log says, and the trace. */
export const startFailure = (error: unknown): { error: string; trace: string } =>
  isTlsFault(error)
    ? { error: error.message, trace: tlsTrace(error) }
    : { error: bindFailure(error as BindError), trace: bindTrace(error as BindError) };

export const connectorTrace = ({ exception, message }: StartFault): string => printed([{ exception, message, at: SOURCE_CONNECTOR }]);
export const taskTrace = ({ exception, message }: StartFault): string => printed([{ exception, message, at: SOURCE_TASK }]);
/** Anything unforeseen, so that it is seen. */
export const unforeseenTrace = (error: unknown): string =>
  printed([{ exception: 'java.lang.RuntimeException', message: error instanceof Error ? error.message : String(error), at: SOURCE_TASK }]);
