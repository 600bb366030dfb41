package dev.slipway.serving.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir
  Path folder;

  @Test
  void keepsItsIdentity() throws Exception {
    String first;
    try (var directory = DataDirectory.take(folder.resolve("data"))) {
      first = directory.replicaId();
    }
    try (var directory = DataDirectory.take(folder.resolve("data"))) {
      assertThat(directory.replicaId()).isEqualTo(first).startsWith("serving-");
    }
  }

  @Test
  void hasOneOwner() throws Exception {
    try (var owner = DataDirectory.take(folder)) {
      assertThat(owner.root()).isEqualTo(folder);
      assertThatThrownBy(() -> DataDirectory.take(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("slipway.serving.data-dir");
    }
    DataDirectory.take(folder).close();
  }

  @Test
  void aFailedWriteLeavesTheOldContent() throws Exception {
    Path file = folder.resolve("f");
    DurableFile.write(file, "old".getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(folder.resolve("f.tmp"));

    assertThatThrownBy(() -> DurableFile.write(file, "new".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);

    assertThat(file).hasContent("old");
  }

  @Test
  void aLeftoverOfAKilledWriteIsNoHindrance() throws Exception {
    Path file = folder.resolve("f");
    Files.writeString(folder.resolve("f.tmp"), "half of something much longer");

    DurableFile.write(file, "new".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("new");
    assertThat(folder.resolve("f.tmp")).doesNotExist();
  }
}
