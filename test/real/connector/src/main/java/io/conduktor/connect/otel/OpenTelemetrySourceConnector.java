package io.conduktor.connect.otel;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the configuration and gives one task, however many are asked for. */
public class OpenTelemetrySourceConnector extends SourceConnector {
    static final String VERSION = "1.0.0";
    private static final Logger log = LoggerFactory.getLogger(OpenTelemetrySourceConnector.class);

    private Map<String, String> properties;

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public ConfigDef config() {
        return OpenTelemetrySourceConnectorConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return OpenTelemetrySourceTask.class;
    }

    @Override
    public void start(Map<String, String> given) {
        log.info("Starting OpenTelemetry OTLP Source Connector");
        properties = Map.copyOf(given);
        var config = new OpenTelemetrySourceConnectorConfig(given);
        log.info("Connector configured - gRPC: {}:{}, HTTP: {}:{}, TLS: {}",
            word(config.grpcEnabled()), config.grpcPort(), word(config.httpEnabled()), config.httpPort(), word(config.tlsEnabled()));
        log.info("Kafka topics - Traces: {}, Metrics: {}, Logs: {}",
            config.topic(Signal.TRACES), config.topic(Signal.METRICS), config.topic(Signal.LOGS));
        log.info("Message format: {}, Queue size: {}", config.messageFormat(), config.queueSize());
        if (!config.grpcEnabled() && !config.httpEnabled()) {
            throw new IllegalArgumentException("At least one OTLP receiver must be enabled (gRPC or HTTP)");
        }
    }

    @Override
    public List<Map<String, String>> taskConfigs(int most) {
        log.info("Creating task configurations for {} tasks", most);
        if (most > 1) log.warn("One task is all that this connector runs: tasks.max={} gives one", most);
        return List.of(properties);
    }

    @Override
    public void stop() {
        log.info("Stopping OpenTelemetry OTLP Source Connector");
    }

    private static String word(boolean enabled) {
        return enabled ? "enabled" : "disabled";
    }
}
