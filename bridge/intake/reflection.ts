import type { Server, ServerDuplexStream } from '@grpc/grpc-js';
import { fileDescriptors } from '../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';

const PATHS = ['v1', 'v1alpha'].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);

/** One method as the library defines and serves it. */
type Method = {
  definition: { path: string; requestDeserialize(bytes: Buffer): unknown; responseSerialize(answer: unknown): Buffer };
  serve(call: ServerDuplexStream<unknown, unknown>): void;
};
type AddService = (definition: { ServerReflectionInfo: Method['definition'] }, handlers: { ServerReflectionInfo: Method['serve'] }) => void;

/**
 * The library's methods, by path. Its service is made for the definitions of a loader that re-encodes descriptors and so loses imports; all it reads of
 * them is `fileDescriptorProtos`, and there it gets the compiler's own bytes.
 */
async function loadMethods(): Promise<ReadonlyMap<string, Method>> {
  const { ReflectionService } = await import('@grpc/reflection');
  const asLoaded = { otlp: { format: '', type: {}, fileDescriptorProtos: fileDescriptors() } };
  const methods = new Map<string, Method>();
  const addService: AddService = ({ ServerReflectionInfo: definition }, { ServerReflectionInfo: serve }) =>
    methods.set(definition.path, { definition, serve });
  new ReflectionService(asLoaded as never, { services: SIGNALS.map((signal) => SIGNAL[signal].service) }).addToServer({
    addService,
  } as never);
  return methods;
}

/** gRPC server reflection, v1 and v1alpha, listing the three OTLP services. It is loaded for who asks first: that is a quarter of what a start takes. */
export function addReflection(server: Server): void {
  let loading: Promise<ReadonlyMap<string, Method>> | undefined;
  let methods: ReadonlyMap<string, Method> | undefined;
  for (const path of PATHS)
    server.addService(
      {
        ServerReflectionInfo: {
          path,
          requestStream: true,
          responseStream: true,
          requestSerialize: (bytes: Buffer) => bytes,
          // Nothing is read of a call before it is served, and then the methods are there.
          requestDeserialize: (bytes: Buffer) => methods!.get(path)!.definition.requestDeserialize(bytes),
          responseSerialize: (answer: unknown) => methods!.get(path)!.definition.responseSerialize(answer),
          responseDeserialize: (bytes: Buffer) => bytes,
        },
      },
      {
        ServerReflectionInfo(call: ServerDuplexStream<unknown, unknown>) {
          loading ??= loadMethods();
          loading.then(
            (loaded) => (methods = loaded).get(path)!.serve(call),
            (error: unknown) => call.destroy(error as Error),
          );
        },
      },
    );
}
