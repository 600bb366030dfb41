package dev.slipway.registry.api;

import dev.slipway.registry.artifact.StoredFile;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** The answer to a GET of one stored file: whole, or the range that was asked for (RFC 9110). The caller adds the media type. */
public final class FileAnswer {
  private FileAnswer() {}

  /** Opens a file from an offset for a number of bytes. */
  @FunctionalInterface
  public interface Opener {
    InputStream open(StoredFile file, long offset, long length);
  }

  /** @param range the Range header; null for none */
  public static Response.ResponseBuilder of(StoredFile file, String range, Opener opener) {
    ByteRange wanted;
    try {
      wanted = ByteRange.parse(range, file.size());
    } catch (ByteRange.NotSatisfiable outside) {
      return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header("Content-Range", "bytes */" + file.size());
    }
    Response.ResponseBuilder answer = Response.status(wanted.partial() ? 206 : 200)
        .header("Content-Length", wanted.length())
        .header("Accept-Ranges", "bytes")
        .header("ETag", "\"" + file.digest() + "\"")
        .header("X-Content-Sha256", file.digest().hex())
        .header("Repr-Digest", PromisedDigest.reprDigest(file.digest()))
        .entity(opener.open(file, wanted.offset(), wanted.length()));
    return wanted.partial()
        ? answer.header("Content-Range", wanted.contentRange(file.size()))
        : answer;
  }
}
