package dev.slipway.launcher.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that gives the answers that it was told, one after the other; the last one for ever. */
public final class ScriptedService implements AutoCloseable {
  private final HttpServer server;
  private final Deque<Answer> answers;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> proofs = new CopyOnWriteArrayList<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();

  /** @param status 0 to hang up without an answer */
  public record Answer(int status, String body) {
    /** The connection is lost. */
    public static final Answer LOST = new Answer(0, "");

    public static Answer ok(String body) {
      return new Answer(200, body.replace('\'', '"'));
    }
  }

  public ScriptedService(Answer... answers) {
    this.answers = new ArrayDeque<>(List.of(answers));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    proofs.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    sent.add(exchange.getRequestHeaders().getFirst("Content-Type") + "\n"
        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Answer next = answers.size() > 1 ? answers.poll() : answers.peek();
    if (next.status() > 0) {
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Method and address of each call. */
  public List<String> asked() {
    return asked;
  }

  /** What each call said of its caller; "null" for nothing. */
  public List<String> proofs() {
    return proofs;
  }

  /** The type of each call's body, and on the next lines the body. */
  public List<String> sent() {
    return sent;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
