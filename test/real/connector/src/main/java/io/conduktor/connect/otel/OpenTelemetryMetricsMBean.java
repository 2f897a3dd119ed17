package io.conduktor.connect.otel;

/** What JMX shows of one connector. */
public interface OpenTelemetryMetricsMBean {
    long getTracesReceived();

    long getMetricsReceived();

    long getLogsReceived();

    long getTracesDropped();

    long getMetricsDropped();

    long getLogsDropped();

    long getTotalMessagesReceived();

    long getTotalMessagesDropped();

    long getRecordsProduced();

    int getTracesQueueSize();

    int getMetricsQueueSize();

    int getLogsQueueSize();

    int getQueueCapacity();

    double getMaxQueueUtilizationPercent();

    long getTotalLagCount();

    double getDropRate();

    String getConnectorName();

    void resetCounters();
}
