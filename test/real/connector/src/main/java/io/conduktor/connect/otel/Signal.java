package io.conduktor.connect.otel;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/** The three OTLP signals, with the words that the connector's paths, keys and log lines use for each. */
enum Signal {
    TRACES("/v1/traces", "trace", ExportTraceServiceRequest.getDefaultInstance()),
    METRICS("/v1/metrics", "metric", ExportMetricsServiceRequest.getDefaultInstance()),
    LOGS("/v1/logs", "log", ExportLogsServiceRequest.getDefaultInstance());

    final String path;
    /** As in event=trace_dropped. */
    final String singular;
    final Message request;

    Signal(String path, String singular, Message request) {
        this.path = path;
        this.singular = singular;
        this.request = request;
    }

    /** As in otlp-traces and traces_seq. */
    String plural() {
        return name().toLowerCase();
    }

    /** As in event=trace_export_error and event=metrics_export_error. */
    String inErrors() {
        return this == TRACES ? singular : plural();
    }
}
