package io.conduktor.connect.otel;

import static io.conduktor.connect.otel.OtlpReceiver.log;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** One HTTP connection: paths by prefix, no decompression, and every answer under application/json, the texts that are not JSON among them. */
class OtlpHttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

    private final OtlpReceiver receiver;

    OtlpHttpHandler(OtlpReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            answer(context, request, HttpResponseStatus.METHOD_NOT_ALLOWED, "Only POST method is supported");
            return;
        }
        for (Signal signal : Signal.values()) {
            if (!request.uri().startsWith(signal.path)) continue;
            export(context, request, signal);
            return;
        }
        answer(context, request, HttpResponseStatus.NOT_FOUND, "Unknown endpoint: " + request.uri());
    }

    private void export(ChannelHandlerContext context, FullHttpRequest request, Signal signal) {
        try {
            if (receiver.accept(signal, parse(request, signal))) answer(context, request, HttpResponseStatus.OK, "{}");
            else answer(context, request, HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"error\":\"Queue full\"}");
        } catch (InvalidProtocolBufferException refused) {
            log.error("event=http_{}_error error={}", signal.inErrors(), refused.getMessage(), refused);
            answer(context, request, HttpResponseStatus.BAD_REQUEST, "{\"error\":\"" + escaped(refused.getMessage()) + "\"}");
        } catch (RuntimeException failure) {
            log.error("event=http_request_error uri={}", request.uri(), failure);
            answer(context, request, HttpResponseStatus.INTERNAL_SERVER_ERROR, "{\"error\":\"" + escaped(String.valueOf(failure.getMessage())) + "\"}");
        }
    }

    /** Whatever does not say json is protobuf, a body of no bytes among it. */
    private static Message parse(FullHttpRequest request, Signal signal) throws InvalidProtocolBufferException {
        Message.Builder message = signal.request.newBuilderForType();
        String contentType = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        if (contentType != null && contentType.contains("json")) {
            JSON.merge(request.content().toString(StandardCharsets.UTF_8), message);
            return message.build();
        }
        return signal.request.getParserForType().parseFrom(ByteBufUtil.getBytes(request.content()));
    }

    private static void answer(ChannelHandlerContext context, FullHttpRequest request, HttpResponseStatus status, String body) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (keepAlive) response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        var written = context.writeAndFlush(response);
        if (!keepAlive) written.addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.error("event=http_channel_error error={}", cause.getMessage(), cause);
        context.close();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
