package io.conduktor.connect.otel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Both receivers and the three queues behind them: one Export request is one message. */
class OtlpReceiver {
    static final Logger log = LoggerFactory.getLogger(OtlpReceiver.class);
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
    private static final int GRPC_SHUTDOWN_SECONDS = 5;
    private static final int HTTP_BACKLOG = 128;
    private static final JsonFormat.Printer JSON = JsonFormat.printer().preservingProtoFieldNames().includingDefaultValueFields();

    private final OpenTelemetrySourceConnectorConfig config;
    private final OpenTelemetryMetrics metrics;
    private final Map<Signal, BlockingQueue<String>> queues = new EnumMap<>(Signal.class);
    private Server grpc;
    private EventLoopGroup acceptors;
    private EventLoopGroup workers;
    private Channel http;

    OtlpReceiver(OpenTelemetrySourceConnectorConfig config, OpenTelemetryMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        for (Signal signal : Signal.values()) queues.put(signal, new LinkedBlockingQueue<>(config.queueSize()));
    }

    BlockingQueue<String> queue(Signal signal) {
        return queues.get(signal);
    }

    /** Throws what the socket said. What was opened by then stays open until stop(). */
    void start() throws IOException, InterruptedException {
        log.info("event=otlp_receiver_starting grpc_enabled={} grpc_port={} http_enabled={} http_port={} tls_enabled={} message_format={}",
            config.grpcEnabled(), config.grpcPort(), config.httpEnabled(), config.httpPort(), config.tlsEnabled(), config.messageFormat());
        if (config.grpcEnabled()) startGrpcServer();
        if (config.httpEnabled()) startHttpServer();
        log.info("event=otlp_receiver_started");
        MDC.clear();
    }

    /** Closes the ports; the queues keep what they hold. Clears the thread's log context, as start() does. */
    void stop() throws InterruptedException {
        log.info("event=otlp_receiver_stopping");
        if (grpc != null) stopGrpcServer();
        if (acceptors != null) stopHttpServer();
        log.info("event=otlp_receiver_stopped traces_received={} metrics_received={} logs_received={} traces_dropped={} metrics_dropped={} logs_dropped={}",
            metrics.received(Signal.TRACES), metrics.received(Signal.METRICS), metrics.received(Signal.LOGS),
            metrics.dropped(Signal.TRACES), metrics.dropped(Signal.METRICS), metrics.dropped(Signal.LOGS));
        MDC.clear();
    }

    /** False when the queue is full: the message is then counted and logged as dropped, whatever the client is told. */
    boolean accept(Signal signal, Message request) throws InvalidProtocolBufferException {
        String message = config.writesProtobuf() ? Base64.getEncoder().encodeToString(request.toByteArray()) : JSON.print((MessageOrBuilder) request);
        BlockingQueue<String> queue = queues.get(signal);
        if (queue.offer(message)) {
            metrics.countReceived(signal);
            return true;
        }
        metrics.countDropped(signal);
        log.warn("event={}_dropped reason=queue_full queue_size={}", signal.singular, queue.size());
        return false;
    }

    private void startGrpcServer() throws IOException {
        if (config.tlsEnabled()) log.warn("event=tls_not_implemented message='TLS support not yet implemented for gRPC'");
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(config.bindAddress(), config.grpcPort()))
            .addService(traceService())
            .addService(metricsService())
            .addService(logsService())
            .build();
        server.start();
        grpc = server;
        log.info("event=grpc_server_started bind_address={} port={}", config.bindAddress(), config.grpcPort());
    }

    private void stopGrpcServer() throws InterruptedException {
        if (!grpc.shutdown().awaitTermination(GRPC_SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
            log.warn("event=grpc_server_shutdown_timeout");
            grpc.shutdownNow();
        }
        log.info("event=grpc_server_stopped");
    }

    private void startHttpServer() throws InterruptedException {
        acceptors = new NioEventLoopGroup(1);
        workers = new NioEventLoopGroup();
        OtlpReceiver receiver = this;
        http = new ServerBootstrap()
            .group(acceptors, workers)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, HTTP_BACKLOG)
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY_BYTES), new OtlpHttpHandler(receiver));
                }
            })
            .bind(config.bindAddress(), config.httpPort())
            .sync()
            .channel();
        log.info("event=http_server_started bind_address={} port={}", config.bindAddress(), config.httpPort());
    }

    private void stopHttpServer() throws InterruptedException {
        if (http != null) http.close().sync();
        acceptors.shutdownGracefully();
        workers.shutdownGracefully();
        if (http != null) log.info("event=http_server_stopped");
    }

    /** Answers OK even when the message was dropped. */
    private <R> void export(Signal signal, Message request, R response, StreamObserver<R> client) {
        try {
            accept(signal, request);
            client.onNext(response);
            client.onCompleted();
        } catch (InvalidProtocolBufferException failure) {
            log.error("event={}_export_error error={}", signal.inErrors(), failure.getMessage(), failure);
            client.onError(failure);
        }
    }

    private BindableService traceService() {
        return new TraceServiceGrpc.TraceServiceImplBase() {
            @Override
            public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> client) {
                OtlpReceiver.this.export(Signal.TRACES, request, ExportTraceServiceResponse.getDefaultInstance(), client);
            }
        };
    }

    private BindableService metricsService() {
        return new MetricsServiceGrpc.MetricsServiceImplBase() {
            @Override
            public void export(ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> client) {
                OtlpReceiver.this.export(Signal.METRICS, request, ExportMetricsServiceResponse.getDefaultInstance(), client);
            }
        };
    }

    private BindableService logsService() {
        return new LogsServiceGrpc.LogsServiceImplBase() {
            @Override
            public void export(ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> client) {
                OtlpReceiver.this.export(Signal.LOGS, request, ExportLogsServiceResponse.getDefaultInstance(), client);
            }
        };
    }
}
