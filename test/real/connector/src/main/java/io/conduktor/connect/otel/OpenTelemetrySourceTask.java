package io.conduktor.connect.otel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves messages from the queues into records. A stop throws away what the queues still hold. */
public class OpenTelemetrySourceTask extends SourceTask {
    private static final Logger log = LoggerFactory.getLogger(OpenTelemetrySourceTask.class);
    private static final int WAIT_MS = 100;
    private static final int RECORDS_A_QUEUE = 100;
    private static final long METRICS_EVERY_MS = 30_000;
    private static final long DRAIN_MS = 5_000;
    private static final double HIGH_UTILIZATION_PERCENT = 80;

    private final Map<Signal, Long> sequences = new EnumMap<>(Map.of(Signal.TRACES, 0L, Signal.METRICS, 0L, Signal.LOGS, 0L));
    private OpenTelemetrySourceConnectorConfig config;
    private String connectorName;
    private String sessionId;
    private OpenTelemetryMetrics metrics;
    private OtlpReceiver receiver;
    private long metricsLoggedAtMs;

    @Override
    public String version() {
        return OpenTelemetrySourceConnector.VERSION;
    }

    @Override
    public void start(Map<String, String> properties) {
        config = new OpenTelemetrySourceConnectorConfig(properties);
        connectorName = properties.get("name");
        log.info("event=task_starting connector_name={} grpc_port={} http_port={} topics={},{},{}", connectorName, config.grpcPort(),
            config.httpPort(), config.topic(Signal.TRACES), config.topic(Signal.METRICS), config.topic(Signal.LOGS));
        sessionId = UUID.randomUUID().toString();
        log.info("event=session_initialized session_id={}", sessionId);
        try {
            metrics = new OpenTelemetryMetrics(connectorName);
            log.info("event=jmx_metrics_initialized connector_name={}", connectorName);
        } catch (JMException failure) {
            log.error("event=jmx_metrics_init_failed error={}", failure.getMessage(), failure);
            throw new IllegalStateException("Failed to initialize JMX metrics", failure);
        }
        for (Signal signal : Signal.values()) restore(signal);
        receiver = new OtlpReceiver(config, metrics);
        try {
            receiver.start();
            log.info("event=otlp_receiver_started");
        } catch (Exception failure) {
            log.error("event=otlp_receiver_start_failed error={}", failure.getMessage(), failure);
            throw new RuntimeException("Failed to start OTLP receiver", failure);
        }
        metricsLoggedAtMs = System.currentTimeMillis();
        log.info("event=task_started session_id={} traces_seq={} metrics_seq={} logs_seq={}", sessionId, sequences.get(Signal.TRACES),
            sequences.get(Signal.METRICS), sequences.get(Signal.LOGS));
    }

    /** Waits 100 ms at each empty queue and takes at most 100 of each: one busy signal cannot pass 500 a second. */
    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> records = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            for (String message : take(receiver.queue(signal))) records.add(record(signal, message));
        }
        if (records.isEmpty()) return null;
        metrics.countProduced(records.size());
        long nowMs = System.currentTimeMillis();
        if (nowMs - metricsLoggedAtMs >= METRICS_EVERY_MS) {
            metricsLoggedAtMs = nowMs;
            logMetrics();
        }
        return records;
    }

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        if (metadata == null) return;
        log.debug("Record committed - Signal: {}, Sequence: {}, Kafka offset: {}, partition: {}", record.sourceOffset().get("signal_type"),
            record.sourceOffset().get("sequence"), metadata.offset(), metadata.partition());
    }

    /** Called after a failed start too. */
    @Override
    public void stop() {
        log.info("event=task_stopping session_id={}", sessionId);
        if (receiver != null) {
            try {
                receiver.stop();
                drain();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            logMetrics();
        }
        if (metrics != null) {
            try {
                metrics.close();
                log.info("event=jmx_metrics_closed connector_name={}", connectorName);
            } catch (JMException failure) {
                log.error("event=jmx_metrics_close_failed error={}", failure.getMessage(), failure);
            }
        }
        log.info("event=task_stopped session_id={} final_traces_seq={} final_metrics_seq={} final_logs_seq={}", sessionId,
            sequences.get(Signal.TRACES), sequences.get(Signal.METRICS), sequences.get(Signal.LOGS));
    }

    private void drain() throws InterruptedException {
        log.info("event=message_draining_started timeout_ms={}", DRAIN_MS);
        long startedAtMs = System.currentTimeMillis();
        int drained = 0;
        while (System.currentTimeMillis() - startedAtMs < DRAIN_MS) {
            List<String> thrownAway = new ArrayList<>();
            for (Signal signal : Signal.values()) receiver.queue(signal).drainTo(thrownAway);
            if (thrownAway.isEmpty()) break;
            drained += thrownAway.size();
            log.debug("event=messages_drained count={}", thrownAway.size());
            Thread.sleep(WAIT_MS);
        }
        log.info("event=message_draining_completed drained_count={} duration_ms={}", drained, System.currentTimeMillis() - startedAtMs);
    }

    private static List<String> take(BlockingQueue<String> queue) throws InterruptedException {
        String first = queue.poll(WAIT_MS, TimeUnit.MILLISECONDS);
        if (first == null) return List.of();
        List<String> taken = new ArrayList<>(List.of(first));
        queue.drainTo(taken, RECORDS_A_QUEUE - 1);
        return taken;
    }

    private SourceRecord record(Signal signal, String message) {
        long sequence = sequences.merge(signal, 1L, Long::sum);
        Map<String, Object> offset = Map.of("sequence", sequence, "session_id", sessionId, "signal_type", signal.name());
        return new SourceRecord(partition(signal), offset, config.topic(signal), Schema.STRING_SCHEMA, message);
    }

    /** A HashMap, because Connect looks offsets up by the bytes of this map in HashMap's order; Map.of has another order in every JVM. */
    private Map<String, String> partition(Signal signal) {
        return new HashMap<>(Map.of("connector_name", connectorName, "signal_type", signal.name()));
    }

    private void restore(Signal signal) {
        Map<String, Object> offset = context.offsetStorageReader().offset(partition(signal));
        if (offset == null) {
            log.info("No previous offset found for {}, starting fresh from sequence 0", signal);
            return;
        }
        long sequence = ((Number) offset.get("sequence")).longValue();
        Object previous = offset.get("session_id");
        sequences.put(signal, sequence);
        log.info("Restored offset state for {} - Session: {}, Sequence: {}", signal, previous, sequence);
        if (!sessionId.equals(previous)) {
            log.warn("Session ID changed for {} - Previous: {}, Current: {}. This indicates a connector restart.", signal, previous, sessionId);
        }
    }

    /** The only place where the true sizes of the queues appear. */
    private void logMetrics() {
        int fullest = 0;
        for (Signal signal : Signal.values()) fullest = Math.max(fullest, receiver.queue(signal).size());
        boolean high = fullest * 100.0 / config.queueSize() > HIGH_UTILIZATION_PERCENT;
        String line = "event=task_metrics records_produced=%d traces_queue_size=%d metrics_queue_size=%d logs_queue_size=%d queue_capacity=%d"
            .formatted(metrics.getRecordsProduced(), receiver.queue(Signal.TRACES).size(), receiver.queue(Signal.METRICS).size(),
                receiver.queue(Signal.LOGS).size(), config.queueSize())
            + " traces_seq=%d metrics_seq=%d logs_seq=%d session_id=%s status=%s".formatted(sequences.get(Signal.TRACES),
                sequences.get(Signal.METRICS), sequences.get(Signal.LOGS), sessionId, high ? "HIGH_QUEUE_UTILIZATION" : "HEALTHY");
        if (high) log.warn(line);
        else log.info(line);
    }
}
