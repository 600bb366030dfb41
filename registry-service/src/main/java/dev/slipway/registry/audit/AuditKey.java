package dev.slipway.registry.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The Ed25519 key that checkpoints are signed with. It lies in a file, not in the database: whoever can rewrite the log must not be
 * able to sign it. Made on first use, readable by its owner only; two lines, PKCS #8 and X.509 in base64.
 */
@ApplicationScoped
class AuditKey {
  private static final String ALGORITHM = "Ed25519";

  private final Path file;
  private volatile KeyPair key;

  AuditKey(@ConfigProperty(name = "slipway.audit.key-file") String file) {
    this.file = Path.of(file);
  }

  /** @throws UncheckedIOException when it can be neither read nor made */
  KeyPair pair() {
    KeyPair known = key;
    if (known == null) {
      synchronized (this) {
        known = key == null ? load() : key;
        key = known;
      }
    }
    return known;
  }

  private KeyPair load() {
    try {
      if (Files.notExists(file)) {
        make();
      }
      List<String> lines = Files.readAllLines(file);
      KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
      Base64.Decoder base64 = Base64.getDecoder();
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(base64.decode(lines.get(1)))),
          factory.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(lines.get(0)))));
    } catch (IOException e) {
      throw new UncheckedIOException("the audit key " + file + " can be neither read nor made", e);
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalStateException(file + " does not hold an audit key", e);
    }
  }

  /** Another process that makes one at the same moment wins, and its key is read. */
  private void make() throws IOException, GeneralSecurityException {
    KeyPair fresh = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    Base64.Encoder base64 = Base64.getEncoder();
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path draft = Files.createTempFile(
        folder,
        "audit-key",
        ".new",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(
          draft,
          List.of(
              base64.encodeToString(fresh.getPrivate().getEncoded()),
              base64.encodeToString(fresh.getPublic().getEncoded())));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException another) {
      // Its key is as good as ours.
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
