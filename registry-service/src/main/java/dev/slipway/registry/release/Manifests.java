package dev.slipway.registry.release;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Which objects a version's digest stands for. */
@ApplicationScoped
public class Manifests {
  private final Database database;

  Manifests(Database database) {
    this.database = database;
  }

  /** One file and the object that holds it. {@code size} is in bytes. */
  public record File(ArtifactPath path, long size, Digest digest, String objectKey) {}

  /** In path order. @throws NotFound when no version has that digest */
  public List<File> files(Digest digest) {
    List<File> files = database.list(
        """
        select a.path, a.size, a.digest, b.object_key from artifact a join blob b on b.digest = a.digest
         where a.owner_kind = 'version'
           and a.owner_id = (select id from model_version where digest = ? order by id limit 1)
         order by a.path
        """,
        row -> new File(
            new ArtifactPath(row.text("path")),
            row.number("size"),
            new Digest(row.text("digest")),
            row.text("object_key")),
        digest.value());
    if (files.isEmpty()) {
      throw new NotFound("manifest-not-found", "no version has the digest " + digest)
          .with("digest", digest.value());
    }
    return files;
  }
}
