package dev.slipway.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The lines between the rooms (design: "Layout: by feature, not by layer"). */
class ArchitectureTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.slipway.registry", "dev.slipway.common");

  @Test
  void entitiesNeverLeaveTheirFeature() {
    classes()
        .that()
        .areAnnotatedWith(Entity.class)
        .should()
        .bePackagePrivate()
        .because("a feature shows views; what is stored may change")
        .check(CLASSES);
  }

  @Test
  void featuresDoNotKnowTheDialects() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..registry.api..", "..registry.mlflow..", "..registry.web..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..registry.api..", "..registry.mlflow..", "..registry.web..")
        .because("a dialect translates; the rules are behind it")
        .check(CLASSES);
  }

  @Test
  void dialectsDoNotReachForTheDatabase() {
    noClasses()
        .that()
        .resideInAnyPackage("..registry.api..", "..registry.mlflow..", "..registry.web..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(EntityManager.class, DataSource.class)
        .because("a dialect holds no rule and no record of its own")
        .check(CLASSES);
  }

  @Test
  void theBottomFeaturesKnowNothingOfReviewAndRelease() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..registry.model..",
            "..registry.artifact..",
            "..registry.audit..",
            "..registry.access..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..registry.review..", "..registry.release..", "..registry.tracking..")
        .because("models and bytes are moved by those who decide, and decide nothing")
        .check(CLASSES);
  }

  @Test
  void theRegistryNeverRunsAModel() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..", "ai.djl..", "dev.slipway.serving..")
        .because(
            "serving-service owns running models; a model that crashes must not take the registry with it")
        .check(CLASSES);
  }

  @Test
  void timeComesFromTheClock() {
    noClasses()
        .that()
        .resideInAPackage("..registry..")
        .and()
        .resideOutsideOfPackage("..registry.time..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .because("tests hold the clock")
        .check(CLASSES);
  }

  @Test
  void commonKnowsNeitherServiceNorFramework() {
    noClasses()
        .that()
        .resideInAPackage("dev.slipway.common..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.slipway.registry..", "io.quarkus..", "jakarta..")
        .because("it is what both must agree on, and only that")
        .check(CLASSES);
  }
}
