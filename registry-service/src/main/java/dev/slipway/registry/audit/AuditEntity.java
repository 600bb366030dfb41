package dev.slipway.registry.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** For reading: rows are written by {@link ChainWriter}. */
@Entity
@Table(name = "audit_entry")
class AuditEntity {
  @Id
  long sequence;

  Instant at;
  String actor;
  String action;
  String object;
  String digest;

  @Column(columnDefinition = "jsonb")
  String before;

  @Column(columnDefinition = "jsonb")
  String after;

  @Column(name = "request_id")
  String requestId;

  String previous;
  String hash;
}
