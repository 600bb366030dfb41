package dev.slipway.common.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Follows requests and answers on an HTTP/1.1 connection, next to the codec: where it is between two reads. */
final class ExchangeWatch extends ChannelDuplexHandler {
  private boolean moved;
  private boolean inBody;
  private int unanswered;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      moved = true;
      inBody = true;
      unanswered++;
    }
    if (message instanceof LastHttpContent) {
      moved = true;
      inBody = false;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise done)
      throws Exception {
    if (message instanceof LastHttpContent && !isInterim(message) && unanswered > 0) {
      unanswered--;
    }
    super.write(ctx, message, done);
  }

  /** 100 Continue, say: the answer is still to come. */
  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse answer
        && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  /** Whether a head or a whole request became complete since this was last asked. */
  boolean moved() {
    boolean came = moved;
    moved = false;
    return came;
  }

  /** Whether bytes of a body are still to come. */
  boolean inBody() {
    return inBody;
  }

  /** Whether the gateway owes an answer: what holds the connection is then the work on it, which has limits of its own. */
  boolean isBusy() {
    return unanswered > 0;
  }
}
