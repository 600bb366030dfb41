package dev.slipway.serving.wire.oip;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.Protocol;
import dev.slipway.serving.wire.http.HttpDialect;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.JsonBody;
import jakarta.inject.Singleton;

/** The form of an inference request, its answer and its errors. */
@Singleton
class OipDialect implements HttpDialect {
  private final JsonBody json;

  OipDialect(JsonBody json) {
    this.json = json;
  }

  @Override
  public Protocol protocol() {
    return Protocol.OIP_HTTP;
  }

  @Override
  public boolean covers(String path) {
    return path.equals("/v2") || path.startsWith("/v2/");
  }

  @Override
  public Call parse(HttpRequest request) throws InferenceException {
    OipRequest read = new OipReader(json, request).read();
    return new Call(read.request(), new OipWriter(read)::write);
  }

  @Override
  public Payload error(InferenceException error, HttpHead head) {
    return error(error.getMessage());
  }

  static Payload error(String message) {
    return Payload.object(Payload.JSON, out -> out.writeStringField("error", message));
  }
}
