package dev.slipway.registry.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect only where they may. The check looks at the very address that is connected to, so a name that
 * resolves to something else the second time gains nothing.
 */
final class GuardedSockets extends SocketFactory {
  private final Predicate<InetAddress> allowed;

  GuardedSockets(Predicate<InetAddress> allowed) {
    this.allowed = allowed;
  }

  /** A connection that was refused because of where it goes. */
  static final class Forbidden extends IOException {
    private static final long serialVersionUID = 1L;

    Forbidden(InetAddress address) {
      super("the address " + address.getHostAddress()
          + " is not a public one, and webhooks go only to public ones");
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        InetAddress address = ((InetSocketAddress) endpoint).getAddress();
        if (address == null || !allowed.test(address)) {
          close();
          throw new Forbidden(address == null ? InetAddress.getLoopbackAddress() : address);
        }
        super.connect(endpoint, timeout);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private Socket connected(InetSocketAddress endpoint) throws IOException {
    Socket socket = createSocket();
    socket.connect(endpoint);
    return socket;
  }
}
