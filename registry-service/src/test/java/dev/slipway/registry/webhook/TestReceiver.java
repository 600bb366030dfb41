package dev.slipway.registry.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who is told, on a port of its own. */
final class TestReceiver implements AutoCloseable {
  private final BlockingQueue<Delivered> deliveries = new LinkedBlockingQueue<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  TestReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  record Delivered(String body, com.sun.net.httpserver.Headers headers) {
    String header(String name) {
      return headers.getFirst(name);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** The next statuses to answer with; 200 after that. */
  void answer(int... statuses) {
    for (int status : statuses) {
      answers.add(status);
    }
  }

  Delivered next(Duration timeout) {
    try {
      Delivered next = deliveries.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("nothing was delivered within " + timeout);
      }
      return next;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Integer status = answers.poll();
      byte[] answer = "answer".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Location", url());
      exchange.sendResponseHeaders(status == null ? 200 : status, answer.length);
      exchange.getResponseBody().write(answer);
      deliveries.add(new Delivered(body, exchange.getRequestHeaders()));
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
