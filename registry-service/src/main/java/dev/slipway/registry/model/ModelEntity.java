package dev.slipway.registry.model;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

@Entity
@Table(name = "registered_model")
class ModelEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  String name;
  String description;

  @Column(name = "created_by")
  String createdBy;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;

  @Column(name = "next_version")
  int nextVersion = 1;

  @Column(name = "live_version_id")
  Long liveVersionId;

  /** Written by {@link LivePointers}, with the switch that decides it. */
  @Column(name = "previous_version_id", insertable = false, updatable = false)
  Long previousVersionId;

  @Column(name = "live_stage")
  String liveStage;

  @Version
  @Column(name = "row_version")
  long rowVersion;

  @ElementCollection
  @CollectionTable(name = "model_tag", joinColumns = @JoinColumn(name = "model_id"))
  @MapKeyColumn(name = "key")
  @Column(name = "value")
  Map<String, String> tags = new HashMap<>();

  /** Alias to version id. */
  @ElementCollection
  @CollectionTable(name = "model_alias", joinColumns = @JoinColumn(name = "model_id"))
  @MapKeyColumn(name = "alias")
  @Column(name = "version_id")
  Map<String, Long> aliases = new HashMap<>();
}
