package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.MetricHistory;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** {@code metrics/*}: histories. */
@Path("/api/2.0/mlflow/metrics")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class MetricsResource {
  private static final int MOST_RUNS = 100;
  private static final int MOST_POINTS = 25_000;
  private static final int MOST_SAMPLES = 2500;

  private final MetricHistory history;
  private final HistoryStream stream;
  private final Requests requests;

  MetricsResource(MetricHistory history, HistoryStream stream, Requests requests) {
    this.history = history;
    this.stream = stream;
    this.requests = requests;
  }

  @GET
  @Path("get-history")
  public StreamingOutput history(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    String runId = request.runId();
    String key = request.requiredText("metric_key");
    Integer size =
        request.has("max_results") ? request.size("max_results", 0, Integer.MAX_VALUE - 1) : null;
    if (size != null && size <= 0) {
      throw MlflowException.invalid("Invalid value " + size
          + " for parameter 'max_results' supplied. It must be a positive integer.");
    }
    return stream.of(runId, key, size, request.text("page_token"));
  }

  @GET
  @Path("get-history-bulk")
  public Messages.BulkMetrics bulk(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    List<String> runIds = request.texts("run_id");
    if (runIds.isEmpty()) {
      throw MlflowException.invalid(
          "GetMetricHistoryBulk request must specify at least one run_id.");
    }
    if (runIds.size() > MOST_RUNS) {
      throw MlflowException.invalid("GetMetricHistoryBulk request cannot specify more than "
          + MOST_RUNS + " run_ids. Received " + runIds.size() + " run_ids.");
    }
    if (!request.has("metric_key")) {
      throw MlflowException.invalid("GetMetricHistoryBulk request must specify a metric_key.");
    }
    int size = Math.clamp(request.number("max_results", MOST_POINTS), 0, MOST_POINTS);
    return new Messages.BulkMetrics(
        history.ofRuns(runIds, request.text("metric_key"), size).stream()
            .map(Messages.MetricMessage::of)
            .toList());
  }

  @GET
  @Path("get-history-bulk-interval")
  public Messages.Metrics interval(@Context UriInfo uri, byte[] body) {
    return interval(requests.get(uri, body));
  }

  Messages.Metrics interval(MlflowRequest request) {
    List<String> runIds = request.texts("run_ids");
    if (runIds.isEmpty()) {
      request.require("run_ids");
    }
    if (runIds.size() > MOST_RUNS) {
      throw MlflowException.invalid("GetMetricHistoryBulkInterval request must specify at most "
          + MOST_RUNS + " run_ids. Received " + runIds.size() + " run_ids.");
    }
    String key = request.requiredText("metric_key");
    Long start = request.numberOrNull("start_step");
    Long end = request.numberOrNull("end_step");
    long size = request.number("max_results", MOST_SAMPLES);
    if (size < 1 || size > MOST_SAMPLES) {
      throw MlflowException.invalid("max_results must be between 1 and " + MOST_SAMPLES + ".");
    }
    requireInterval(start, end);
    return new Messages.Metrics(
        Messages.list(
            history.sample(runIds, key, (int) size, start, end), Messages.MetricMessage::of),
        null);
  }

  private static void requireInterval(Long start, Long end) {
    if ((start == null) != (end == null)) {
      throw MlflowException.invalid(
          "If either start step or end step are specified, both must be specified.");
    }
    if (start != null && start > end) {
      throw MlflowException.invalid("end_step must be greater than start_step. Found start_step="
          + start + " and end_step=" + end + ".");
    }
  }
}
