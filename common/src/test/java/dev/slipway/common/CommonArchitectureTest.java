package dev.slipway.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CommonArchitectureTest {
  private static final JavaClasses COMMON = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.slipway.common");

  @Test
  void commonDependsOnNeitherServiceNorAFramework() {
    classes()
        .that()
        .resideInAPackage("dev.slipway.common..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.slipway.common..",
            "java..",
            "org.eclipse.microprofile.config.spi..",
            "com.fasterxml.jackson..",
            "org.erdtman.jcs..",
            "io.minio..",
            "okhttp3..",
            "io.netty..")
        .because("both services read it, and neither may pull the other's world in through it")
        .check(COMMON);
  }

  @Test
  void onlyTheStoreKnowsTheObjectStoreClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.slipway.common.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.minio..", "okhttp3..")
        .because("everything else goes through the port")
        .check(COMMON);
  }

  @Test
  void onlyTheGuardOfConnectionsKnowsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.slipway.common.connection..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("what has no port must not need it")
        .check(COMMON);
  }

  @Test
  void noPackageDependsOnItselfThroughAnother() {
    SlicesRuleDefinition.slices()
        .matching("dev.slipway.common.(*)..")
        .should()
        .beFreeOfCycles()
        .check(COMMON);
  }

  @Test
  void timeComesFromAClock() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .because("tests give the clock")
        .check(COMMON);
  }
}
