package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway's own description is written by hand, so it is held to the resources here, and to the routes in {@code PredictRoutesTest}. */
@QuarkusTest
class GatewayDescriptionTest {
  /** The description itself, and what is there for the benchmark alone. */
  private static final Set<String> UNDESCRIBED = Set.of(
      "get /q/openapi", "get /q/openapi.json", "get /q/openapi.{ending}", "post /bench/constant");

  @Test
  void everyCallOfAResourceIsDescribedAndNoOther() {
    Set<String> resources = resources();

    assertThat(described())
        .containsAll(resources)
        .filteredOn(call -> !resources.contains(call))
        .allMatch(call -> call.matches("post .*(infer|predict|invocations)"));
  }

  @ParameterizedTest
  @CsvSource({
    "/q/openapi, application/json, application/json",
    "/q/openapi, 'application/json;charset=utf-8, */*;q=0.1', application/json",
    "/q/openapi, */*, application/yaml",
    "/q/openapi?format=json, */*, application/json",
    "/q/openapi?format=yaml, application/json, application/yaml",
    "/q/openapi.json, */*, application/json",
    "/q/openapi.yaml, application/json, application/yaml",
    "/q/openapi.yml, */*, application/yaml",
  })
  void itComesAsYamlOrJson(String path, String accept, String type) {
    Gateway.Answer answer = Gateway.get(path, "Accept", accept);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith(type);
    assertThat(answer.response().body()).asString().contains("Slipway serving");
  }

  @ParameterizedTest
  @CsvSource({
    "/models/nobody/openapi.json, /models/{model}/openapi.json",
    "/models/nobody/versions/1/openapi.json, /models/{model}/versions/{version}/openapi.json",
    "/v2/models/nobody, /v2/models/{model}",
    "/v1/models/nobody, /v1/models/{model}"
  })
  void errorsHaveTheMediaTypeThatIsDescribed(String path, String described) {
    JsonNode document = Gateway.get("/q/openapi.json").json();
    JsonNode error =
        document.path("paths").path(described).path("get").path("responses").path("4XX");
    String name = error.path("$ref").asText().replaceAll(".*/", "");
    Gateway.Answer answer = Gateway.get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(document
            .at("/components/responses/" + name + "/content")
            .has(answer.header("Content-Type")))
        .as("%s: %s", path, answer.header("Content-Type"))
        .isTrue();
  }

  private static Set<String> described() {
    Set<String> calls = new TreeSet<>();
    JsonNode paths = Gateway.get("/q/openapi.json").json().path("paths");
    paths
        .properties()
        .forEach(path -> path.getValue()
            .fieldNames()
            .forEachRemaining(method -> calls.add(method + " " + path.getKey())));
    return calls;
  }

  private static Set<String> resources() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipway.serving")
            .stream()
            .filter(type -> type.isAnnotatedWith(Path.class))
            .flatMap(type -> type.getMethods().stream())
            .filter(
                method -> method.isAnnotatedWith(GET.class) || method.isAnnotatedWith(POST.class))
            .map(GatewayDescriptionTest::call)
            .filter(call -> !UNDESCRIBED.contains(call))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String call(JavaMethod method) {
    String base = method.getOwner().getAnnotationOfType(Path.class).value();
    String path = base
        + (method.isAnnotatedWith(Path.class)
            ? method.getAnnotationOfType(Path.class).value()
            : "");
    String plain = path.replaceAll(":[^{}]*}", "}").replace("//", "/");
    return (method.isAnnotatedWith(GET.class) ? "get " : "post ") + plain;
  }
}
