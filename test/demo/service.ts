/**
 * A small instrumented service, as a user would write one: the OpenTelemetry SDK configured by nothing but OTEL_* variables.
 * Places as many orders as its argument says (default 20), each a span, a count and a log record, then flushes and ends.
 */
import { SeverityNumber, logs, metrics, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

const orders = Number(process.argv[2] ?? 20);
const sdk = new NodeSDK();
sdk.start();

const tracer = trace.getTracer('shop');
const logger = logs.getLogger('shop');
const placed = metrics.getMeter('shop').createCounter('orders.placed');

for (let order = 1; order <= orders; order++) {
  tracer.startActiveSpan('place order', { attributes: { 'order.id': order } }, (span) => {
    placed.add(1, { 'order.kind': order % 2 === 0 ? 'gift' : 'own' });
    logger.emit({ severityNumber: SeverityNumber.INFO, severityText: 'INFO', body: `order ${order} placed` });
    span.end();
  });
}

await sdk.shutdown();
