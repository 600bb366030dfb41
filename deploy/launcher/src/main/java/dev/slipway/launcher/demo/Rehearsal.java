package dev.slipway.launcher.demo;

import dev.slipway.launcher.stack.StackState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The demo's story, and then its promotion and its rollback again and again, with predictions in every protocol between. The
 * start-up cache keeps what the virtual machine learnt of the code that ran: a service that starts with it has its first rollback
 * and its first requests behind it.
 */
public final class Rehearsal implements AutoCloseable {
  private static final int PREDICTIONS = 20;

  private final Story story;
  private final Caller caller;
  private final URI registry;
  private final Protocols protocols;

  /**
   * @param state of the stack in which it happens
   * @param models as {@link Story}'s
   */
  public Rehearsal(StackState state, Path models) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    this.story = new Story(state, models, nowhere);
    this.caller = new Caller(new Narrator(nowhere, false));
    this.registry = URI.create(state.registryUrl());
    this.protocols = new Protocols(state);
  }

  /** Tells the story and rolls back {@code times} times more. */
  public void run(int times) throws IOException, InterruptedException {
    story.tell();
    for (int i = 0; i < times; i++) {
      promote();
      predict();
      caller.json(
          "POST",
          registry.resolve(Story.MODEL + "/rollback"),
          "alice",
          Map.of("reason", "rehearsal"),
          200,
          "state");
      predict();
    }
  }

  private void promote() throws InterruptedException {
    story.request(2, "Staging", "rehearsal");
    long request = story.request(2, "Production", "rehearsal").path("id").asLong();
    caller.json("POST", story.decision(request, "approve"), "bob", Map.of(), 200, "state");
    story.awaitLive(2);
  }

  private void predict() throws InterruptedException {
    for (int i = 0; i < PREDICTIONS; i++) {
      protocols.ask();
    }
  }

  @Override
  public void close() {
    protocols.close();
  }
}
