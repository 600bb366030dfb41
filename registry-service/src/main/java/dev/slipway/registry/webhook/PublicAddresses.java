package dev.slipway.registry.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public internet from all others: those of this machine, of private networks, of cloud metadata services
 * and of everything else in the IANA special-purpose registries (RFC 6890 and its updates).
 */
final class PublicAddresses {
  private static final List<Block> NOT_PUBLIC = List.of(
      block(8, 0),
      block(8, 10),
      block(10, 100, 64),
      block(8, 127),
      block(16, 169, 254),
      block(12, 172, 16),
      block(24, 192, 0, 0),
      block(24, 192, 0, 2),
      block(24, 192, 88, 99),
      block(16, 192, 168),
      block(15, 198, 18),
      block(24, 198, 51, 100),
      block(24, 203, 0, 113),
      block(4, 224),
      block(4, 240));
  /** All that is public in IPv6 begins with the bits 001. */
  private static final Block GLOBAL_UNICAST = new Block(new byte[] {0x20}, 3);

  private static final List<Block> NOT_PUBLIC_V6 = List.of(
      // Teredo, documentation, benchmarking, ORCHID: 2001::/23 as a whole is for protocols.
      new Block(new byte[] {0x20, 0x01, 0x00}, 23),
      new Block(new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8}, 32),
      new Block(new byte[] {0x3f, (byte) 0xff, 0x00}, 20));
  private static final byte[] NAT64 = {0x00, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private PublicAddresses() {}

  static boolean contains(InetAddress address) {
    return switch (address) {
      case Inet4Address v4 -> isPublicV4(v4.getAddress());
      case Inet6Address v6 -> isPublicV6(v6.getAddress());
      default -> false;
    };
  }

  private static boolean isPublicV4(byte[] address) {
    return NOT_PUBLIC.stream().noneMatch(block -> block.contains(address));
  }

  /** An IPv4 address inside an IPv6 one counts as what it is. */
  private static boolean isPublicV6(byte[] address) {
    if (Arrays.equals(address, 0, NAT64.length, NAT64, 0, NAT64.length)) {
      return isPublicV4(Arrays.copyOfRange(address, 12, 16));
    }
    if (address[0] == 0x20 && address[1] == 0x02) {
      return isPublicV4(Arrays.copyOfRange(address, 2, 6));
    }
    return GLOBAL_UNICAST.contains(address)
        && NOT_PUBLIC_V6.stream().noneMatch(block -> block.contains(address));
  }

  private static Block block(int bits, int... octets) {
    byte[] prefix = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      prefix[i] = (byte) octets[i];
    }
    return new Block(prefix, bits);
  }

  /** The addresses that begin with these bits. */
  private static final class Block {
    private final byte[] prefix;
    private final int bits;

    Block(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        int wanted = bit / 8 < prefix.length ? prefix[bit / 8] & mask : 0;
        if ((address[bit / 8] & mask) != wanted) {
          return false;
        }
      }
      return true;
    }
  }
}
