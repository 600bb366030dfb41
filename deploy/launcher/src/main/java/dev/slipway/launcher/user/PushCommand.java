package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "push",
    description = {
      "Make a version from a file or a folder, and the model where there is none.",
      "Run it again after an interruption: files that have arrived are not sent again."
    },
    mixinStandardHelpOptions = true)
public final class PushCommand implements Callable<Integer> {
  /** Marks the version of an unfinished push by what it is to hold. */
  private static final String MARK = "slipway.push";

  @Mixin
  private Target target;

  @Parameters(index = "0", paramLabel = "NAME", description = "The model.")
  private String model;

  @Parameters(index = "1", paramLabel = "PATH", description = "A file or a folder.")
  private Path place;

  @Option(names = "-m", paramLabel = "TEXT", description = "What the version is.")
  private String description;

  @Option(names = "--run", paramLabel = "ID", description = "The run that it comes from.")
  private String run;

  @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "A tag of the version.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    if (model.contains(":")) {
      throw CommandFailure.usage("the registry numbers versions: push to a name, not to " + model);
    }
    LocalFiles local = LocalFiles.of(place);
    Api registry = target.registry();
    String path = VersionName.modelPath(model);
    ensureModel(registry);
    String digest = local.manifest().digest().value();
    int number = unfinished(registry, path, digest);
    if (number == 0) {
      number = begin(registry, path, digest);
    } else {
      System.err.println("going on with " + model + ":" + number);
    }
    String version = path + "/versions/" + number;
    upload(registry, version, local);
    JsonNode done = registry.send(
        "POST", version + "/complete", Map.of("files", local.manifest().files(), "digest", digest));
    registry.send("DELETE", version + "/tags/" + MARK, null);
    int pushed = number;
    target.print(
        done,
        () -> System.out.println(model + ":" + pushed + "  "
            + done.path("digest").asText() + "  " + Table.size(local.manifest().totalSize())));
    return 0;
  }

  private void ensureModel(Api registry) {
    try {
      registry.send("POST", "/api/v1/models", Map.of("name", model));
      System.err.println("made the model " + model);
    } catch (CommandFailure failure) {
      if (failure.exitCode() != 3) {
        throw failure;
      }
    }
  }

  private int begin(Api registry, String path, String digest) {
    Map<String, Object> wanted = new HashMap<>();
    Map<String, String> marked = new LinkedHashMap<>(tags);
    marked.put(MARK, digest);
    wanted.put("tags", marked);
    wanted.put("description", description);
    wanted.put("run_id", run);
    return registry.send("POST", path + "/versions", wanted).path("version").asInt();
  }

  /** The version that an interrupted push of these very files began; 0 when there is none among the newest. */
  private static int unfinished(Api registry, String path, String digest) {
    for (JsonNode version : registry.get(path + "/versions?page_size=20").path("versions")) {
      if (!version.path("status").asText().equals("READY")
          && version.path("tags").path(MARK).asText().equals(digest)) {
        return version.path("version").asInt();
      }
    }
    return 0;
  }

  private static void upload(Api registry, String version, LocalFiles local) {
    Map<String, String> there = new HashMap<>();
    registry
        .get(version + "/files")
        .path("files")
        .forEach(
            file -> there.put(file.path("path").asText(), file.path("digest").asText()));
    for (Manifest.Entry entry : local.manifest().files()) {
      String name = entry.path().value();
      if (entry.digest().value().equals(there.get(name))) {
        System.err.println(name + ": there already");
        continue;
      }
      Path file = local.files().get(entry.path());
      try (Progress progress = new Progress(name, entry.size(), 0)) {
        registry.put(
            version + "/files/" + segments(name),
            file.toString(),
            body(file, entry.size(), progress),
            entry.digest().hex());
      }
      System.err.println(name + ": " + Table.size(entry.size()) + ", digest verified");
    }
  }

  /** An empty file is no body: a publisher of length 0 is refused by the client. */
  private static BodyPublisher body(Path file, long size, Progress progress) {
    return size == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(
            BodyPublishers.ofInputStream(() -> progress.counting(open(file))), size);
  }

  static String segments(String path) {
    StringBuilder encoded = new StringBuilder();
    for (String part : path.split("/")) {
      encoded.append(encoded.isEmpty() ? "" : "/").append(Api.segment(part));
    }
    return encoded.toString();
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
