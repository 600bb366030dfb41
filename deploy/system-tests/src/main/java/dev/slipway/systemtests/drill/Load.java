package dev.slipway.systemtests.drill;

import java.io.IOException;

/** Callers that each send the next request when the answer before has come. */
@FunctionalInterface
interface Load {

  /**
   * What came of it.
   *
   * @param rate answers a second
   * @param p50 and {@code p99} in milliseconds
   * @param faults answers that were not good, and broken connections
   */
  record Figures(double rate, double p50, double p99, long faults) {}

  /**
   * @param target where: a URL over HTTP, host:port over gRPC
   * @param connections one a caller
   */
  Figures run(String target, int connections, int seconds) throws IOException, InterruptedException;
}
