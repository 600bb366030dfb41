package dev.slipway.registry.model;

import dev.slipway.common.stage.Stage;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;

/** Only what changed is written: what inspections found comes past this entity, and must stay. */
@Entity
@DynamicUpdate
@Table(name = "model_version")
class VersionEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @ManyToOne(fetch = FetchType.LAZY)
  @JoinColumn(name = "model_id")
  ModelEntity model;

  int number;

  /** {@link Stage#label()}. */
  String stage = Stage.NONE.label();

  String status;

  @Column(name = "status_message")
  String statusMessage;

  String servable = "unknown";

  @Column(name = "servable_reason")
  String servableReason;

  String digest;

  @Column(name = "total_size")
  Long totalSize;

  String format;

  @Column(columnDefinition = "jsonb")
  @ColumnTransformer(write = "?::jsonb")
  String signature;

  @Column(columnDefinition = "jsonb")
  @ColumnTransformer(write = "?::jsonb")
  String inspection;

  String description;
  String source;

  @Column(name = "run_id")
  String runId;

  @Column(name = "run_link")
  String runLink;

  @Column(name = "created_by")
  String createdBy;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  @Column(name = "first_live_at")
  Instant firstLiveAt;

  @Version
  @Column(name = "row_version")
  long rowVersion;

  @ElementCollection
  @CollectionTable(name = "version_tag", joinColumns = @JoinColumn(name = "version_id"))
  @MapKeyColumn(name = "key")
  @Column(name = "value")
  Map<String, String> tags = new HashMap<>();
}
