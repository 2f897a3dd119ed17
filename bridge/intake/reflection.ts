import { ReflectionService } from '@grpc/reflection';
import type { Server } from '@grpc/grpc-js';
import { fileDescriptors } from '../../proto/schema.ts';
import { SIGNAL, SIGNALS } from '../../proto/vocabulary/signals.ts';

/**
 * gRPC server reflection, v1 and v1alpha, listing the three OTLP services. The service is made for the definitions of a loader that re-encodes
 * descriptors and so loses imports; all it reads of them is `fileDescriptorProtos`, and there it gets the compiler's own bytes.
 */
export function addReflection(server: Server): void {
  const asLoaded = { otlp: { format: '', type: {}, fileDescriptorProtos: fileDescriptors() } };
  new ReflectionService(asLoaded as never, { services: SIGNALS.map((signal) => SIGNAL[signal].service) }).addToServer(server);
}
