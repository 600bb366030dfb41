package dev.slipway.serving;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServingArchitectureTest {
  private static final String ROOT = "dev.slipway.serving";
  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(ROOT);

  @ParameterizedTest
  @MethodSource("rules")
  void packageLinesHold(ArchRule rule) {
    rule.check(MAIN);
  }

  static Stream<ArchRule> rules() {
    return Stream.of(
        mayUse("engine", "the engine knows tensors and files, not models' names, routes or HTTP"),
        mayUse("registry", "the client speaks the wire's records and nothing else"),
        mayUse("disk", "files know nothing of what is in them"),
        mayUse("cache", "the cache knows digests, not models or engines", "registry", "disk"),
        mayUse(
            "fleet",
            "the fleet knows nothing of requests",
            "engine",
            "cache",
            "registry",
            "disk",
            "sample",
            "config"),
        mayUse("sample", "a ring holds tensors, and knows nothing of who sent them", "engine"),
        mayUse(
            "probe",
            "jobs run apart from what serves",
            "engine",
            "cache",
            "registry",
            "sample",
            "config"),
        mayUse(
            "predict",
            "the predict path reaches models through the fleet's door",
            "engine",
            "fleet",
            "config",
            "insight"),
        mayUse(
            "wire",
            "a dialect translates, and holds no rule",
            "engine",
            "fleet",
            "predict",
            "config",
            "insight"),
        noClasses()
            .that()
            .resideInAnyPackage(ROOT + "..")
            .and()
            .resideOutsideOfPackage(ROOT + ".engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..")
            .because("runtimes are the engines' business"),
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.slipway.registry..")
            .because("the two services share only common"),
        noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .because("times come from the injected clock"),
        classes()
            .that()
            .haveSimpleName("FleetManager")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "dev.slipway.common..", ROOT + ".fleet", ROOT + ".engine")
            .because("what to do next is a pure function"));
  }

  private static ArchRule mayUse(String part, String because, String... others) {
    String[] forbidden = Stream.of(
            "engine",
            "registry",
            "disk",
            "cache",
            "fleet",
            "probe",
            "predict",
            "wire",
            "insight",
            "sample",
            "config")
        .filter(other -> !other.equals(part) && !Stream.of(others).toList().contains(other))
        .map(other -> ROOT + "." + other + "..")
        .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(ROOT + "." + part + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .because(because)
        .allowEmptyShould(true);
  }
}
