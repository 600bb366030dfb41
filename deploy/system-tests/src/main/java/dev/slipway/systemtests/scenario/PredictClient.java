package dev.slipway.systemtests.scenario;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends predict requests on connections that stay open, and never sends one again by itself: what fails must be seen. Not the
 * JDK's client: about once in half a million requests that one closed a connection which it had just taken out of its pool (the kernel's
 * trace showed its end closing first), which looked like a failed request of the gateway.
 */
final class PredictClient implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int CALLERS = 64;

  private final OkHttpClient http = new OkHttpClient.Builder()
      .protocols(List.of(Protocol.HTTP_1_1))
      .retryOnConnectionFailure(false)
      .connectionPool(new ConnectionPool(CALLERS, 5, TimeUnit.MINUTES))
      .callTimeout(10, TimeUnit.SECONDS)
      .build();

  /** @param version that answered, by the header; 0 when it does not say */
  record Reply(int status, int version, String body) {}

  static Request request(URI gateway, String model, String body) {
    return new Request.Builder()
        .url(gateway.resolve("/v2/models/" + model + "/infer").toString())
        .post(RequestBody.create(body, JSON))
        .build();
  }

  Reply send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      String version = response.header("X-Slipway-Version", "0");
      return new Reply(
          response.code(), Integer.parseInt(version), response.body().string());
    }
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
