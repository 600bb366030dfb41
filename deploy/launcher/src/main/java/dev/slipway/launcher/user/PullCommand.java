package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "pull",
    description = {
      "Fetch a version's files, each checked against its digest.",
      "Run it again after an interruption: it goes on where it was."
    },
    mixinStandardHelpOptions = true)
public final class PullCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(
      index = "0",
      paramLabel = "NAME:VERSION",
      description = "A number, production, latest or an alias.")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where to put them. Default: NAME-VERSION here.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    Api registry = target.registry();
    VersionName wanted = VersionName.exact(name);
    int number = wanted.number(registry);
    String path = VersionName.modelPath(wanted.model()) + "/versions/" + number;
    Path into = folder == null ? Path.of(wanted.model() + "-" + number) : folder;
    JsonNode files = registry.get(path + "/files");
    for (JsonNode file : files.path("files")) {
      fetch(registry, path, file, into);
    }
    target.print(
        files,
        () -> System.out.println(wanted.model() + ":" + number + "  "
            + files.path("files").size() + " files in " + into));
    return 0;
  }

  private static void fetch(Api registry, String version, JsonNode file, Path into)
      throws IOException {
    // What a server says is checked here too: a path that leads out of the folder is no
    // ArtifactPath.
    ArtifactPath path = new ArtifactPath(file.path("path").asText());
    Digest digest = new Digest(file.path("digest").asText());
    long size = file.path("size").asLong();
    Path whole = into.resolve(path.value());
    if (Files.exists(whole) && LocalFiles.digest(whole).equals(digest)) {
      System.err.println(path + ": there already");
      return;
    }
    Files.createDirectories(whole.toAbsolutePath().getParent());
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    download(registry, version + "/files/" + PushCommand.segments(path.value()), part, path, size);
    if (!LocalFiles.digest(part).equals(digest)) {
      Files.delete(part);
      throw CommandFailure.refused(
          path + " came with another digest than " + digest + ", and was thrown away");
    }
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    System.err.println(path + ": " + Table.size(size) + ", digest verified");
  }

  private static void download(Api registry, String url, Path part, ArtifactPath path, long size)
      throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have >= size && size > 0) {
      return;
    }
    HttpResponse<InputStream> answer = registry.download(url, have);
    boolean continued = answer.statusCode() == 206;
    try (InputStream body = answer.body();
        Progress progress = new Progress(path.value(), size, continued ? have : 0);
        OutputStream out = Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            continued ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      progress.counting(body).transferTo(out);
    }
  }
}
