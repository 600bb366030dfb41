package dev.slipway.common.job;

import java.util.List;

/** A serving process asks for work of these kinds. */
public record JobClaim(String replica, List<String> kinds) {
  public JobClaim {
    kinds = List.copyOf(kinds);
  }
}
