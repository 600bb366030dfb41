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

/** Keeps every body small, save those of {@link Streamed} methods: by its announced length, and while it is read. */
@Provider
class BodyLimit implements ContainerRequestFilter {
  private static final long LIMIT = 16L << 20;

  @Context
  ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request) {
    if (resource.getResourceMethod() == null
        || resource.getResourceMethod().isAnnotationPresent(Streamed.class)) {
      return;
    }
    String length = request.getHeaderString("Content-Length");
    if (length != null && Long.parseLong(length) > LIMIT) {
      throw tooLarge();
    }
    if (length == null && request.hasEntity()) {
      request.setEntityStream(new Limited(request.getEntityStream()));
    }
  }

  private static RuntimeException tooLarge() {
    return new TooLarge("a body has at most " + (LIMIT >> 20)
        + " MiB here; files are sent one by one to .../files/{path}");
  }

  private static final class Limited extends FilterInputStream {
    private long left = LIMIT;

    Limited(InputStream body) {
      super(body);
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
        throw tooLarge();
      }
    }
  }
}
