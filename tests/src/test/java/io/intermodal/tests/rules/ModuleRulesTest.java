package io.intermodal.tests.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: the table of {@code docs/architecture.md}. */
class ModuleRulesTest {
  private static final String CONTRACT = "io.intermodal.cri..";
  private static final String ABSTRACTION = "io.intermodal.runtime..";
  private static final String SERVER = "io.intermodal.server..";
  private static final List<String> ENGINES =
      List.of(
          "io.intermodal.docker..",
          "io.intermodal.containerd..",
          "io.intermodal.crio..",
          "io.intermodal.rkt..");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("io.intermodal");

  @Test
  void all_modules_are_looked_at() {
    for (String packages : everyPackage()) {
      classes()
          .that()
          .resideInAPackage(packages)
          .should()
          .resideInAPackage("io.intermodal..")
          .check(ALL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "containerd", "crio", "rkt"})
  void an_engine_knows_no_other_engine_no_server_and_no_netty(String engine) {
    String own = "io.intermodal." + engine + "..";
    List<String> forbidden = new ArrayList<>(ENGINES);
    forbidden.remove(own);
    forbidden.addAll(List.of(SERVER, "io.netty..", "io.grpc.netty.."));

    noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden.toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void the_server_names_no_class_of_an_engine() {
    noClasses()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ENGINES.toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void the_abstraction_knows_the_contract_and_nothing_else_of_the_project() {
    noClasses()
        .that()
        .resideInAPackage(ABSTRACTION)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(and(ENGINES, SERVER))
        .check(ALL);
  }

  @Test
  void the_abstraction_does_no_input_and_output() {
    noClasses()
        .that()
        .resideInAPackage(ABSTRACTION)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.net..", "java.nio.channels..", "io.grpc..", "io.netty..", "com.github..")
                // An address is none yet.
                .and(not(type(URI.class))))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(ALL);
  }

  @Test
  void the_contract_knows_nothing_of_the_project() {
    noClasses()
        .that()
        .resideInAPackage(CONTRACT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(and(ENGINES, SERVER, ABSTRACTION))
        .check(ALL);
  }

  @Test
  void no_class_is_named_after_a_pattern() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CONTRACT)
        .and()
        .areNotAssignableTo(LogManager.class)
        .should()
        .haveNameMatching(".*(Utils?|Impl|Helpers?|Misc|Common)")
        .orShould()
        .haveNameMatching(".*(?<!Service)Manager")
        .check(ALL);
  }

  @Test
  void no_package_is_named_after_a_pattern() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..impl..", "..manager..", "..helper..", "..common..")
        .check(ALL);
  }

  private static List<String> everyPackage() {
    List<String> all = new ArrayList<>(ENGINES);
    all.addAll(List.of(CONTRACT, ABSTRACTION, SERVER));
    return all;
  }

  private static String[] and(List<String> packages, String... more) {
    List<String> all = new ArrayList<>(packages);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
