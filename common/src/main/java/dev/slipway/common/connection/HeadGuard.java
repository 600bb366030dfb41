package dev.slipway.common.connection;

import dev.slipway.common.connection.FrameWatch.Open;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes one connection when a head on it is not complete in time. It is the first handler and sees bytes; which protocol they
 * speak shows in the codec that the server puts behind it. Lives on the connection's event loop.
 */
final class HeadGuard extends ChannelInboundHandlerAdapter {
  /** A connection that was opened ahead of its first request, and a piece of a body, may take this many times a head's time. */
  private static final int PATIENCE = 6;
  /** Enough bytes to tell any HTTP/1.1 method from HTTP/2's preface. */
  private static final int TELLTALE = 4;

  private static final byte[] TIMED_OUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Duration limit;
  private final ExchangeWatch exchanges = new ExchangeWatch();
  private FrameWatch frames = new FrameWatch();
  private ChannelHandlerContext decoder;
  private Protocol protocol = Protocol.UNKNOWN;
  private Open open = Open.NOTHING;
  private long openSince;
  private Future<?> timer;

  private enum Protocol {
    UNKNOWN,
    HTTP_1,
    HTTP_2,
    OTHER
  }

  HeadGuard(Duration limit) {
    this.limit = limit;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      begin(ctx, Open.BODY);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin(ctx, Open.BODY);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    switch (protocol) {
      case UNKNOWN -> introduce(ctx, bytes);
      case HTTP_1 -> readExchange(ctx, bytes);
      case HTTP_2 -> readFrames(ctx, bytes);
      case OTHER -> ctx.fireChannelRead(bytes);
    }
  }

  /** Lets a few bytes through ahead, so that the server puts its codec there, and this its watch, before a request is complete. */
  private void introduce(ChannelHandlerContext ctx, ByteBuf bytes) {
    SslHandler cipher = ctx.pipeline().get(SslHandler.class);
    if (cipher != null && isBefore(ctx, cipher)) {
      moveBehind(ctx, cipher, bytes);
      return;
    }
    frames.read(bytes);
    recognise(ctx.pipeline());
    if (protocol == Protocol.UNKNOWN && bytes.readableBytes() > TELLTALE) {
      ctx.fireChannelRead(bytes.readRetainedSlice(TELLTALE));
      recognise(ctx.pipeline());
    }
    ctx.fireChannelRead(bytes);
    recognise(ctx.pipeline());
    switch (protocol) {
      case HTTP_2 -> become(ctx, frames.open());
      case HTTP_1 -> become(ctx, openExchange());
      case UNKNOWN, OTHER -> become(ctx, Open.HEAD);
    }
  }

  private static boolean isBefore(ChannelHandlerContext ctx, SslHandler cipher) {
    List<String> names = ctx.pipeline().names();
    return names.indexOf(ctx.name())
        < names.indexOf(ctx.pipeline().context(cipher).name());
  }

  /** What is encrypted tells nothing; the handshake has a time limit of its own. */
  private void moveBehind(ChannelHandlerContext ctx, SslHandler cipher, ByteBuf bytes) {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addAfter(pipeline.context(cipher).name(), null, new HeadGuard(limit));
    ctx.fireChannelRead(bytes);
    pipeline.remove(this);
  }

  private void recognise(ChannelPipeline pipeline) {
    if (protocol != Protocol.UNKNOWN) {
      return;
    }
    if (pipeline.get(Http2ConnectionHandler.class) != null) {
      protocol = Protocol.HTTP_2;
    } else if (pipeline.get(HttpRequestDecoder.class) != null) {
      protocol = Protocol.HTTP_1;
      decoder = pipeline.context(HttpRequestDecoder.class);
      pipeline.addAfter(pipeline.context(HttpResponseEncoder.class).name(), null, exchanges);
    }
  }

  private void readExchange(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (decoder.isRemoved()) {
      upgraded(ctx, bytes);
      return;
    }
    ctx.fireChannelRead(bytes);
    become(ctx, openExchange());
  }

  private Open openExchange() {
    if (exchanges.moved()) {
      return Open.NOTHING;
    }
    // A body's time is its reader's to watch, until there is an answer and no reader any more.
    return exchanges.inBody() && exchanges.isBusy() ? Open.NOTHING : Open.HEAD;
  }

  private void upgraded(ChannelHandlerContext ctx, ByteBuf bytes) {
    open = Open.NOTHING;
    if (ctx.pipeline().get(Http2ConnectionHandler.class) == null) {
      protocol = Protocol.OTHER;
      ctx.fireChannelRead(bytes);
    } else {
      protocol = Protocol.HTTP_2;
      frames = new FrameWatch();
      readFrames(ctx, bytes);
    }
  }

  private void readFrames(ChannelHandlerContext ctx, ByteBuf bytes) {
    long before = frames.complete();
    frames.read(bytes);
    if (frames.complete() != before) {
      open = Open.NOTHING;
    }
    ctx.fireChannelRead(bytes);
    become(ctx, frames.open());
  }

  /** The time of what is open already goes on: more bytes of the same win none. */
  private void become(ChannelHandlerContext ctx, Open now) {
    if (now == Open.NOTHING) {
      open = now;
    } else if (now != open) {
      begin(ctx, now);
    }
  }

  private void begin(ChannelHandlerContext ctx, Open what) {
    open = what;
    openSince = System.nanoTime();
    // One that still runs looks soon enough at a body, but may look too late at a head.
    if (timer == null || what == Open.HEAD) {
      stop();
      schedule(ctx, allowed().toNanos());
    }
  }

  private Duration allowed() {
    return open == Open.BODY ? limit.multipliedBy(PATIENCE) : limit;
  }

  private void schedule(ChannelHandlerContext ctx, long nanos) {
    timer = ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    timer = null;
    if (open == Open.NOTHING) {
      return;
    }
    long left = allowed().toNanos() - (System.nanoTime() - openSince);
    boolean ours = exchanges.isBusy() || !ctx.channel().config().isAutoRead();
    if (left > 0) {
      schedule(ctx, left);
    } else if (ours) {
      // It is the server that answers or does not read: the caller's bytes may all be there.
      schedule(ctx, allowed().toNanos());
    } else {
      giveUp(ctx);
    }
  }

  private void giveUp(ChannelHandlerContext ctx) {
    if (protocol == Protocol.HTTP_1 && !exchanges.inBody()) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(TIMED_OUT)).addListener(ChannelFutureListener.CLOSE);
    } else {
      ChannelFuture _ = ctx.close();
    }
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }
}
