package dev.slipway.registry.access;

import java.time.Instant;
import java.util.Set;

/** A known name and its roles. */
public record Principal(String name, Set<Role> roles, Instant createdAt, String createdBy) {}
