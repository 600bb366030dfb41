package dev.slipway.registry.lineage;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.artifact.VersionCompleted;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.Versions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Reads the {@code MLmodel} of each version that is complete, from the snapshot itself and in the transaction that completes it:
 * whoever registers a version sees at once what it is and whether it can be served.
 */
@ApplicationScoped
class MlModelFiles {
  private static final Logger LOG = Logger.getLogger(MlModelFiles.class);
  private static final ArtifactPath PATH = new ArtifactPath(MlModel.FILE);

  private final Versions versions;
  private final ObjectStore store;
  private final LineageStore lineage;

  MlModelFiles(Versions versions, ObjectStore store, LineageStore lineage) {
    this.versions = versions;
    this.store = store;
    this.lineage = lineage;
  }

  void read(@Observes VersionCompleted completed) {
    long version = completed.versionId();
    completed.files().stream()
        .filter(file -> file.path().equals(PATH))
        .findFirst()
        .flatMap(this::content)
        .flatMap(MlModelReader::read)
        .ifPresent(model -> {
          lineage.recordMlModel(version, model);
          say(versions.get(version), model);
        });
  }

  private Optional<byte[]> content(StoredFile file) {
    if (file.size() > MlModelReader.MAX_BYTES) {
      LOG.infof("an MLmodel of %d bytes is not read", file.size());
      return Optional.empty();
    }
    try (InputStream content = store.get(file.objectKey(), 0, -1)) {
      return Optional.of(content.readAllBytes());
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private void say(VersionView version, MlModel model) {
    ModelSignature signature = version.signature() == null ? model.signature() : null;
    Servable servable = Servability.of(model, version.format()).orElse(version.servable());
    versions.describe(version.id(), servable, signature);
  }
}
