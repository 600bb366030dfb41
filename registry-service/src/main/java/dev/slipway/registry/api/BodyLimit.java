package dev.slipway.registry.api;

import dev.slipway.registry.problem.RegistryException.TooLarge;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps every body small, save those of {@link Streamed} and {@link LargeBody} methods: by its announced length, and while it is
 * read.
 */
@Provider
class BodyLimit implements ContainerRequestFilter {
  private static final int USUAL_MEBIBYTES = 16;

  @Context
  ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request) {
    if (resource.getResourceMethod() == null
        || resource.getResourceMethod().isAnnotationPresent(Streamed.class)) {
      return;
    }
    LargeBody large = resource.getResourceMethod().getAnnotation(LargeBody.class);
    int mebibytes = large == null ? USUAL_MEBIBYTES : large.mebibytes();
    String length = request.getHeaderString("Content-Length");
    if (length != null && Long.parseLong(length) > (long) mebibytes << 20) {
      throw tooLarge(mebibytes);
    }
    if (length == null && request.hasEntity()) {
      request.setEntityStream(new Limited(request.getEntityStream(), mebibytes));
    }
  }

  private static RuntimeException tooLarge(int mebibytes) {
    return new TooLarge(
        "a body has at most " + mebibytes + " MiB here; files are sent one by one, and streamed");
  }

  private static final class Limited extends FilterInputStream {
    private final int mebibytes;
    private long left;

    Limited(InputStream body, int mebibytes) {
      super(body);
      this.mebibytes = mebibytes;
      this.left = (long) mebibytes << 20;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      count(Math.max(0, count));
      return count;
    }

    private void count(int read) {
      left -= read;
      if (left < 0) {
        throw tooLarge(mebibytes);
      }
    }
  }
}
