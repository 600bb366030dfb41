package dev.slipway.systemtests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A gateway's HTTP face, as the tests call it. */
public record ServingApi(URI url) {

  /** One FP32 row for the iris fixtures' input {@code X}, in the Open Inference Protocol's JSON. */
  public static String irisRow(String input) {
    return Json.write(Map.of(
        "inputs",
        List.of(Map.of(
            "name",
            input,
            "shape",
            List.of(1, 4),
            "datatype",
            "FP32",
            "data",
            List.of(6.0, 2.7, 5.1, 1.6)))));
  }

  public Answer infer(String model, String body) {
    return Http.raw(
        "POST",
        url.resolve("/v2/models/" + model + "/infer"),
        "application/json",
        BodyPublishers.ofString(body));
  }

  public Answer inferVersion(String model, int version, String body) {
    return Http.raw(
        "POST",
        url.resolve("/v2/models/" + model + "/versions/" + version + "/infer"),
        "application/json",
        BodyPublishers.ofString(body));
  }

  public Answer predict(String model, String body) {
    return Http.raw(
        "POST",
        url.resolve("/models/" + model + "/predict"),
        "application/json",
        BodyPublishers.ofString(body));
  }

  public JsonNode fleet() {
    return Http.get(url.resolve("/fleet")).expect(200).json();
  }

  /** What the gateway says about one version; a missing node when it knows none. */
  public JsonNode version(String model, int number) {
    return StreamSupport.stream(fleet().path("models").spliterator(), false)
        .filter(one -> one.path("name").asText().equals(model))
        .flatMap(one -> StreamSupport.stream(one.path("versions").spliterator(), false))
        .filter(one -> one.path("version").asInt() == number)
        .findFirst()
        .orElse(Json.read("{}"));
  }
}
