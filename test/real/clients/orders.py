"""Places three orders, each a span, a count and a log record, hands them to the exporters of one protocol (the argument) and prints as JSON what each
exporter says became of its one export. Endpoint, compression and service name come from OTEL_* variables."""

import importlib
import json
import sys

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

package = {"grpc": "proto.grpc", "http/protobuf": "proto.http", "http/json": "json.http"}[sys.argv[1]]


def exporter(module, name):
    return getattr(importlib.import_module(f"opentelemetry.exporter.otlp.{package}.{module}"), name)()


spans = InMemorySpanExporter()
tracers = TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(spans))
tracer = tracers.get_tracer("shop")

points = InMemoryMetricReader()
placed = MeterProvider([points]).get_meter("shop").create_counter("orders.placed")

records = InMemoryLogRecordExporter()
loggers = LoggerProvider()
loggers.add_log_record_processor(SimpleLogRecordProcessor(records))
logger = loggers.get_logger("shop")

for order in range(1, 4):
    with tracer.start_as_current_span("place order", attributes={"order.id": order}):
        placed.add(1, {"order.kind": "own" if order % 2 else "gift"})
        logger.emit(LogRecord(severity_number=SeverityNumber.INFO, body=f"order {order} placed"))

results = {
    "traces": exporter("trace_exporter", "OTLPSpanExporter").export(spans.get_finished_spans()),
    "metrics": exporter("metric_exporter", "OTLPMetricExporter").export(points.get_metrics_data()),
    "logs": exporter("_log_exporter", "OTLPLogExporter").export(records.get_finished_logs()),
}
print(json.dumps({signal: result.name for signal, result in results.items()}))
