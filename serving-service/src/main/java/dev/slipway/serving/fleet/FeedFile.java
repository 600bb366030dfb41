package dev.slipway.serving.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.json.WireJson;
import dev.slipway.serving.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The last feed, on disk: what a restarted replica serves by when the registry is away. Its file time is when it last held. */
final class FeedFile {
  private static final Logger LOG = Logger.getLogger(FeedFile.class);

  private final Path file;
  private final ObjectMapper json = WireJson.mapper();

  FeedFile(Path file) {
    this.file = file;
  }

  /** A feed and when the registry last said that it holds. */
  record Saved(Feed feed, Instant heardAt) {}

  /** What was saved; empty when there is nothing, or nothing that can be read. */
  Optional<Saved> load() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Feed feed = json.readValue(file.toFile(), Feed.class);
      return Optional.of(new Saved(feed, Files.getLastModifiedTime(file).toInstant()));
    } catch (IOException unreadable) {
      LOG.warn("The saved feed cannot be read; waiting for the registry's", unreadable);
      return Optional.empty();
    }
  }

  void save(Feed feed, Instant heardAt) throws IOException {
    DurableFile.write(file, json.writeValueAsBytes(feed));
    Files.setLastModifiedTime(file, FileTime.from(heardAt));
  }

  /** Notes that the saved feed still holds. */
  void confirm(Instant heardAt) throws IOException {
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, FileTime.from(heardAt));
    }
  }
}
