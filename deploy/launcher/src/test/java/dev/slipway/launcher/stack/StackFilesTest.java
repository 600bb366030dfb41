package dev.slipway.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackFilesTest {
  @TempDir
  private Path temp;

  @Test
  void shouldLetOnlyTheOwnerReadSecretsAndData() throws IOException {
    StackFiles files = new StackFiles(temp.resolve("data"));
    files.prepare();
    String token = Secrets.in(files.serviceToken());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.serviceToken())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.data())))
        .isEqualTo("rwx------");
    assertThat(token).hasSize(48);
  }

  @Test
  void shouldKeepASecretAndMakeAnotherForOthers() throws IOException {
    String first = Secrets.in(temp.resolve("one"));
    assertThat(Secrets.in(temp.resolve("one"))).isEqualTo(first);
    assertThat(Secrets.in(temp.resolve("two"))).isNotEqualTo(first);
  }

  @Test
  void shouldReadTheEndOfALog() throws IOException {
    Path log = Files.writeString(temp.resolve("log"), "one\ntwo\nthree\n");
    assertThat(LogTail.of(log, 2)).isEqualTo("two\nthree");
    assertThat(LogTail.of(temp.resolve("none"), 2)).isEmpty();
  }
}
