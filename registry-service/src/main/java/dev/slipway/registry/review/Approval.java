package dev.slipway.registry.review;

import java.time.Instant;
import java.util.Optional;

/**
 * One person's verdict on a request.
 *
 * @param voidReason why it was marked as void; null while it was not
 */
record Approval(
    long id,
    String approver,
    Kind verdict,
    String comment,
    Bindings bindings,
    Instant at,
    Instant voidAt,
    String voidReason) {

  enum Kind {
    APPROVE,
    REJECT
  }

  /** Why this counts for nothing under {@code now}: marked already, or its bindings changed. */
  Optional<String> voidUnder(Bindings now) {
    return voidReason != null ? Optional.of(voidReason) : bindings.voidedBy(now);
  }
}
