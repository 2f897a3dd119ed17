package io.conduktor.connect.otel;

import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector's counters and its MBean. The wrong sides are kept: the gauges of the queues are dead (nobody sets them, so they read 0 for ever), Received
 * leaves out what was dropped, and the drop rate is dropped per accepted.
 */
public class OpenTelemetryMetrics implements OpenTelemetryMetricsMBean, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenTelemetryMetrics.class);

    private final String connectorName;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName objectName;
    private final Map<Signal, AtomicLong> received = counters();
    private final Map<Signal, AtomicLong> dropped = counters();
    private final AtomicLong produced = new AtomicLong();

    OpenTelemetryMetrics(String connectorName) throws JMException {
        this.connectorName = connectorName;
        objectName = new ObjectName("io.conduktor.connect.otel:type=OpenTelemetryConnector,name=" + ObjectName.quote(connectorName));
        if (server.isRegistered(objectName)) {
            log.warn("MBean already registered, unregistering old instance: {}", objectName);
            server.unregisterMBean(objectName);
        }
        server.registerMBean(this, objectName);
        log.info("Registered JMX MBean: {}", objectName);
    }

    void countReceived(Signal signal) {
        received.get(signal).incrementAndGet();
    }

    void countDropped(Signal signal) {
        dropped.get(signal).incrementAndGet();
    }

    void countProduced(int records) {
        produced.addAndGet(records);
    }

    long received(Signal signal) {
        return received.get(signal).get();
    }

    long dropped(Signal signal) {
        return dropped.get(signal).get();
    }

    @Override
    public void close() throws JMException {
        if (!server.isRegistered(objectName)) return;
        server.unregisterMBean(objectName);
        log.info("Unregistered JMX MBean: {}", objectName);
    }

    @Override
    public long getTracesReceived() {
        return received(Signal.TRACES);
    }

    @Override
    public long getMetricsReceived() {
        return received(Signal.METRICS);
    }

    @Override
    public long getLogsReceived() {
        return received(Signal.LOGS);
    }

    @Override
    public long getTracesDropped() {
        return dropped(Signal.TRACES);
    }

    @Override
    public long getMetricsDropped() {
        return dropped(Signal.METRICS);
    }

    @Override
    public long getLogsDropped() {
        return dropped(Signal.LOGS);
    }

    @Override
    public long getTotalMessagesReceived() {
        return sum(received);
    }

    @Override
    public long getTotalMessagesDropped() {
        return sum(dropped);
    }

    @Override
    public long getRecordsProduced() {
        return produced.get();
    }

    @Override
    public int getTracesQueueSize() {
        return 0;
    }

    @Override
    public int getMetricsQueueSize() {
        return 0;
    }

    @Override
    public int getLogsQueueSize() {
        return 0;
    }

    @Override
    public int getQueueCapacity() {
        return 0;
    }

    @Override
    public double getMaxQueueUtilizationPercent() {
        return 0;
    }

    @Override
    public long getTotalLagCount() {
        return getTotalMessagesReceived() - getRecordsProduced();
    }

    @Override
    public double getDropRate() {
        long accepted = getTotalMessagesReceived();
        return accepted == 0 ? 0 : getTotalMessagesDropped() * 100.0 / accepted;
    }

    @Override
    public String getConnectorName() {
        return connectorName;
    }

    @Override
    public void resetCounters() {
        received.values().forEach(count -> count.set(0));
        dropped.values().forEach(count -> count.set(0));
        produced.set(0);
    }

    private static Map<Signal, AtomicLong> counters() {
        var made = new EnumMap<Signal, AtomicLong>(Signal.class);
        for (Signal signal : Signal.values()) made.put(signal, new AtomicLong());
        return made;
    }

    private static long sum(Map<Signal, AtomicLong> counters) {
        return counters.values().stream().mapToLong(AtomicLong::get).sum();
    }
}
