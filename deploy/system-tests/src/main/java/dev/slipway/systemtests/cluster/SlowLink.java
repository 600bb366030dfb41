package dev.slipway.systemtests.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries TCP connections to a port on loopback, each chunk as late as it is told: a server that is far away, or slow. The delay
 * holds for each direction, so that a question and its answer take twice as long more. Thread-safe.
 */
public final class SlowLink implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile long delayNanos;

  /** Listens on a free port, and delays nothing yet. */
  SlowLink(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("slow-link").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on each chunk is so late; zero for no delay. */
  public void delay(Duration perChunk) {
    delayNanos = perChunk.toNanos();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        sockets.add(caller);
        Thread.ofVirtual().start(() -> connect(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket caller) {
    try {
      Socket callee = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(callee);
      caller.setTcpNoDelay(true);
      callee.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> carry(callee, caller));
      carry(caller, callee);
    } catch (IOException nobodyThere) {
      close(caller);
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        LockSupport.parkNanos(delayNanos);
        out.write(chunk, 0, length);
      }
    } catch (IOException ended) {
      // As the connection that it carries does.
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(this::close);
  }
}
