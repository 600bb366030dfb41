package dev.slipway.serving.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.serving.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The registry's {@code /internal/v1} API. Every call ends within its own time limit, body included. Thread-safe.
 */
public final class RegistryClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration FEED = Duration.ofSeconds(45);
  private static final Duration CLAIM = Duration.ofSeconds(35);
  private static final Duration REPORT = Duration.ofSeconds(3);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final String KEPT_LIST = "X-Slipway-Kept-List";
  private static final long MAX_ANSWER_BYTES = 64L << 20;

  private final String base;
  private final String token;
  private final ObjectMapper json = WireJson.mapper();
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(CONNECT)
      .build();

  /**
   * @param registry where the registry listens
   * @param token the shared service token
   */
  public RegistryClient(URI registry, String token) {
    String text = registry.toString();
    this.base = (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/internal/v1";
    this.token = token;
  }

  /**
   * The registry's feed, when it is not {@code current}; empty after about 30 s without a change. An answer may be older than
   * {@code current}: the caller decides what supersedes what.
   */
  public Optional<Feed> feed(Feed current) throws RegistryException, InterruptedException {
    String query = "?epoch=" + URLEncoder.encode(current.epoch(), StandardCharsets.UTF_8)
        + "&revision=" + current.revision();
    HttpResponse<byte[]> answer = exchange(request("/feed" + query).GET(), FEED);
    return answer.statusCode() == 304
        ? Optional.empty()
        : Optional.of(read(expect(answer, 200), Feed.class));
  }

  /** The files of a version. */
  public StoredManifest manifest(Digest digest) throws RegistryException, InterruptedException {
    return read(
        expect(exchange(request("/manifests/" + digest.value()).GET(), CALL), 200),
        StoredManifest.class);
  }

  /** Tells the registry how this replica is. */
  public OptionalLong report(ReplicaReport report) throws RegistryException, InterruptedException {
    HttpResponse<byte[]> answer = exchange(request("/reports").POST(body(report)), REPORT);
    if (answer.statusCode() == 409) {
      return OptionalLong.empty();
    }
    expect(answer, 204);
    return answer.headers().firstValueAsLong(KEPT_LIST);
  }

  /** Asks for work; empty when there was none for about 20 s. */
  public Optional<Job> claim(JobClaim claim) throws RegistryException, InterruptedException {
    HttpResponse<byte[]> answer = exchange(request("/jobs/claim").POST(body(claim)), CLAIM);
    return answer.statusCode() == 204
        ? Optional.empty()
        : Optional.of(read(expect(answer, 200), Job.class));
  }

  /** Hands in a job's result; false when the lease was lost meanwhile and somebody else does the job. */
  public boolean finish(long job, JobResult result) throws RegistryException, InterruptedException {
    HttpResponse<byte[]> answer =
        exchange(request("/jobs/" + job + "/result").POST(body(result)), CALL);
    if (answer.statusCode() == 409) {
      return false;
    }
    expect(answer, 204);
    return true;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("X-Slipway-Service-Token", token)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json");
  }

  private HttpRequest.BodyPublisher body(Object value) {
    try {
      return HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(value));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a wire record is always JSON", impossible);
    }
  }

  /** The JDK's own request timeout ends at the headers; a body that stalls must end too. */
  private HttpResponse<byte[]> exchange(HttpRequest.Builder request, Duration limit)
      throws RegistryException, InterruptedException {
    var answer = http.sendAsync(
        request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      throw new RegistryException(
          Kind.UNREACHABLE, "the registry did not answer within " + limit.toSeconds() + " s", slow);
    } catch (ExecutionException failed) {
      String why = failed.getCause() instanceof java.net.ConnectException
          ? "no connection"
          : String.valueOf(failed.getCause().getMessage());
      throw new RegistryException(
          Kind.UNREACHABLE, "the registry cannot be reached: " + why, failed.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static byte[] expect(HttpResponse<byte[]> answer, int status) throws RegistryException {
    int actual = answer.statusCode();
    if (actual == status) {
      return answer.body();
    }
    String message =
        "the registry answered " + actual + " to " + answer.request().uri().getPath();
    if (actual >= 500 || actual == 429) {
      throw new RegistryException(Kind.UNREACHABLE, message, null);
    }
    if (actual == 401) {
      throw new RegistryException(
          Kind.REFUSED, message + ": slipway.service-token differs from the registry's", null);
    }
    throw new RegistryException(actual == 404 ? Kind.NOT_FOUND : Kind.REFUSED, message, null);
  }

  private <T> T read(byte[] body, Class<T> type) throws RegistryException {
    try {
      T value = json.readValue(body, type);
      if (value == null) {
        throw new RegistryException(Kind.UNREADABLE, "the registry answered null", null);
      }
      return value;
    } catch (IOException wrong) {
      throw new RegistryException(
          Kind.UNREADABLE, "the registry's answer is not a " + type.getSimpleName(), wrong);
    }
  }
}
