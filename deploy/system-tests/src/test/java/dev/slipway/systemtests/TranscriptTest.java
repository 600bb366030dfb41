package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says that one types, and what it says that is answered. */
class TranscriptTest {
  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final String COMMAND = "$ ./slipway ";
  private static Cluster cluster;

  @TempDir
  private Path configuration;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual().withDirectory());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private record Step(String command, List<String> answer) {}

  @Test
  void readmeTellsWhatHappens() throws IOException {
    List<Step> steps = steps();
    assertThat(steps).hasSizeGreaterThan(8);
    Map<String, String> environment = Map.of(
        "SLIPWAY_REGISTRY_URL", cluster.registry().url().toString(),
        "SLIPWAY_SERVING_URL", cluster.serving().url().toString(),
        "XDG_CONFIG_HOME", configuration.toString());
    for (Step step : steps) {
      Launcher.Outcome outcome = Launcher.run(environment, words(step.command()));

      assertThat(outcome.code()).as(step.command() + "\n" + outcome.err()).isZero();
      assertThat(outcome.out().strip()).as(step.command()).matches(pattern(step.answer()));
    }
  }

  private static List<Step> steps() throws IOException {
    String readme = Files.readString(ClusterPlan.usual().home().resolve("README.md"));
    List<Step> steps = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(readme);
    while (blocks.find()) {
      for (String line : blocks.group(1).lines().toList()) {
        if (line.startsWith(COMMAND)) {
          steps.add(new Step(line.substring(COMMAND.length()), new ArrayList<>()));
        } else {
          steps.getLast().answer().add(line);
        }
      }
    }
    return steps;
  }

  private static String pattern(List<String> lines) {
    return lines.stream()
        .map(line -> Arrays.stream(line.split("…", -1))
            .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
            .collect(Collectors.joining(".*")))
        .collect(Collectors.joining("\\R"));
  }

  /** As a shell splits them; paths are of the repository. */
  private static String[] words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      String word = matcher.group(1) != null
          ? matcher.group(1)
          : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      words.add(
          word.startsWith("deploy/") ? ClusterPlan.usual().home().resolve(word).toString() : word);
    }
    return words.toArray(String[]::new);
  }
}
