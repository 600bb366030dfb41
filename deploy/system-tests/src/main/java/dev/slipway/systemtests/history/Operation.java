package dev.slipway.systemtests.history;

/**
 * What one client asked for.
 *
 * @param id the request id that it was sent with; the audit log has it too
 * @param version of OPEN, ROLLBACK_TO and ALIAS
 * @param to stage of OPEN, else null
 * @param request of APPROVE, REJECT, WITHDRAW and BYPASS, else 0
 * @param approvals that Production needs from a POLICY on, else 0
 */
record Operation(
    String id,
    String model,
    Kind kind,
    String user,
    int version,
    String to,
    long request,
    int approvals) {

  enum Kind {
    OPEN,
    APPROVE,
    REJECT,
    WITHDRAW,
    BYPASS,
    ROLLBACK,
    ROLLBACK_TO,
    RETIRE,
    ALIAS,
    POLICY
  }
}
