package io.conduktor.connect.otel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/** The configuration keys with their defaults, ranges and the texts of their refusals. */
public class OpenTelemetrySourceConnectorConfig extends AbstractConfig {
    static final String GRPC_ENABLED = "otlp.grpc.enabled";
    static final String GRPC_PORT = "otlp.grpc.port";
    static final String HTTP_ENABLED = "otlp.http.enabled";
    static final String HTTP_PORT = "otlp.http.port";
    static final String TLS_ENABLED = "otlp.tls.enabled";
    static final String TLS_CERT_PATH = "otlp.tls.cert.path";
    static final String TLS_KEY_PATH = "otlp.tls.key.path";
    static final String MESSAGE_FORMAT = "otlp.message.format";
    static final String QUEUE_SIZE = "otlp.message.queue.size";
    static final String BIND_ADDRESS = "otlp.bind.address";

    private static final Validator PORT = Range.between(1, 65535);

    static final ConfigDef DEFINITION = new ConfigDef()
        .define(GRPC_ENABLED, Type.BOOLEAN, true, Importance.HIGH, "Whether OTLP over gRPC is served.")
        .define(GRPC_PORT, Type.INT, 4317, PORT, Importance.HIGH, "The port of OTLP over gRPC.")
        .define(HTTP_ENABLED, Type.BOOLEAN, true, Importance.HIGH, "Whether OTLP over HTTP is served.")
        .define(HTTP_PORT, Type.INT, 4318, PORT, Importance.HIGH, "The port of OTLP over HTTP.")
        .define(TLS_ENABLED, Type.BOOLEAN, false, Importance.MEDIUM, "Accepted, then ignored: both ports serve plaintext.")
        .define(TLS_CERT_PATH, Type.STRING, null, new FilePathValidator(), Importance.MEDIUM, "Must exist; unused.")
        .define(TLS_KEY_PATH, Type.STRING, null, new FilePathValidator(), Importance.MEDIUM, "Must exist; unused.")
        .define(topicKey(Signal.TRACES), Type.STRING, "otlp-traces", Importance.HIGH, "The topic of traces.")
        .define(topicKey(Signal.METRICS), Type.STRING, "otlp-metrics", Importance.HIGH, "The topic of metrics.")
        .define(topicKey(Signal.LOGS), Type.STRING, "otlp-logs", Importance.HIGH, "The topic of logs.")
        .define(MESSAGE_FORMAT, Type.STRING, "json", OpenTelemetrySourceConnectorConfig::knownFormat, Importance.MEDIUM, "json or protobuf.")
        .define(QUEUE_SIZE, Type.INT, 10000, Range.between(100, 1000000), Importance.MEDIUM, "Messages that each signal's queue holds.")
        .define(BIND_ADDRESS, Type.STRING, "0.0.0.0", Importance.LOW, "The address that both receivers listen on.");

    OpenTelemetrySourceConnectorConfig(Map<String, String> properties) {
        super(DEFINITION, properties);
    }

    boolean grpcEnabled() {
        return getBoolean(GRPC_ENABLED);
    }

    int grpcPort() {
        return getInt(GRPC_PORT);
    }

    boolean httpEnabled() {
        return getBoolean(HTTP_ENABLED);
    }

    int httpPort() {
        return getInt(HTTP_PORT);
    }

    boolean tlsEnabled() {
        return getBoolean(TLS_ENABLED);
    }

    String messageFormat() {
        return getString(MESSAGE_FORMAT);
    }

    boolean writesProtobuf() {
        return messageFormat().equalsIgnoreCase("protobuf");
    }

    int queueSize() {
        return getInt(QUEUE_SIZE);
    }

    String bindAddress() {
        return getString(BIND_ADDRESS);
    }

    String topic(Signal signal) {
        return getString(topicKey(signal));
    }

    private static String topicKey(Signal signal) {
        return "kafka.topic." + signal.plural();
    }

    private static void knownFormat(String key, Object value) {
        if (value instanceof String format && (format.equalsIgnoreCase("json") || format.equalsIgnoreCase("protobuf"))) return;
        throw new ConfigException(key, value, "Message format must be 'json' or 'protobuf', got: " + value);
    }

    private static class FilePathValidator implements Validator {
        @Override
        public void ensureValid(String key, Object value) {
            if (value == null) return;
            Path file = Path.of((String) value);
            if (!Files.exists(file)) throw new ConfigException(key, value, "File does not exist: " + file);
            if (!Files.isRegularFile(file)) throw new ConfigException(key, value, "Path is not a file: " + file);
            if (!Files.isReadable(file)) throw new ConfigException(key, value, "File is not readable: " + file);
        }
    }
}
