package dev.slipway.registry.access;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

@Entity
@Table(name = "principal")
class PrincipalEntity {
  @Id
  String name;

  @Column(name = "roles", columnDefinition = "text[]")
  String[] roles;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "created_by")
  String createdBy;

  Set<Role> roleSet() {
    Set<Role> set = EnumSet.noneOf(Role.class);
    Arrays.stream(roles).map(Role::of).forEach(set::add);
    return set;
  }
}
