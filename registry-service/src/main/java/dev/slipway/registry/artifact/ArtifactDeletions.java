package dev.slipway.registry.artifact;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.DeletionGuard;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import jakarta.enterprise.context.ApplicationScoped;

/** A deleted version lets go of its files; their bytes are collected when nothing else refers to them. */
@ApplicationScoped
class ArtifactDeletions implements DeletionGuard {
  private final Folders folders;

  ArtifactDeletions(Folders folders) {
    this.folders = folders;
  }

  @Override
  public void checkVersion(Caller actor, VersionView version) {
    // Files never stand in the way.
  }

  @Override
  public void checkModel(Caller actor, ModelView model) {
    // Files never stand in the way.
  }

  @Override
  public void versionDeleted(long versionId) {
    folders.deleteUnder(Owner.version(versionId), "");
    folders.deleteUnder(new Owner(Owner.Kind.COPY, versionId), "");
  }

  @Override
  public void modelDeleted(long modelId) {
    // Its files went with its versions.
  }
}
