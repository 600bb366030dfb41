package dev.slipway.registry.access;

import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The known names. An unknown name has the author's rights; anonymous has none of the roles. */
@ApplicationScoped
public class Principals {
  private final Clock clock;
  private final AuditLog audit;
  private final Database database;
  private final Store store = new Store();

  Principals(Clock clock, AuditLog audit, Database database) {
    this.clock = clock;
    this.audit = audit;
    this.database = database;
  }

  private static final class Store implements PanacheRepositoryBase<PrincipalEntity, String> {}

  /** What the name may do. Each request with a name asks it: one statement, without a transaction. */
  public Set<Role> rolesOf(String name) {
    if (Caller.ANONYMOUS.equals(name)) {
      return Set.of();
    }
    List<Role> known = database.list(
        "select unnest(roles) as role from principal where name = ?",
        row -> Role.of(row.text("role")),
        name);
    return known.isEmpty() ? EnumSet.of(Role.AUTHOR) : EnumSet.copyOf(known);
  }

  @Transactional
  public List<Principal> list() {
    return store.listAll(Sort.by("name")).stream().map(Principals::view).toList();
  }

  @Transactional
  public Optional<Principal> find(String name) {
    return Optional.ofNullable(store.findById(name)).map(Principals::view);
  }

  /** Creates the principal, or gives it other roles. */
  @Transactional
  public Principal put(Caller actor, String name, Set<Role> roles) {
    if (name == null
        || name.isBlank()
        || name.length() > Caller.LONGEST_NAME
        || Caller.ANONYMOUS.equals(name)) {
      throw new Invalid("a principal has a name of 1 to " + Caller.LONGEST_NAME
          + " characters, other than 'anonymous'");
    }
    if (roles == null || roles.isEmpty()) {
      throw new Invalid("a principal has at least one role");
    }
    lock(name);
    PrincipalEntity entity = store.findById(name);
    List<String> before = entity == null ? null : List.of(entity.roles);
    if (entity == null) {
      entity = new PrincipalEntity();
      entity.name = name;
      entity.createdAt = clock.instant();
      entity.createdBy = actor.name();
    }
    entity.roles = roles.stream().map(Role::label).sorted().toArray(String[]::new);
    store.persist(entity);
    audit.append(
        actor,
        "principal.put",
        "principal/" + name,
        null,
        before == null ? null : Map.of("roles", before),
        Map.of("roles", List.of(entity.roles)));
    return view(entity);
  }

  @Transactional
  public void delete(Caller actor, String name) {
    PrincipalEntity entity = store.findById(name);
    if (entity == null) {
      throw new NotFound("principal-not-found", "there is no principal '" + name + "'");
    }
    store.delete(entity);
    audit.append(
        actor,
        "principal.delete",
        "principal/" + name,
        null,
        Map.of("roles", List.of(entity.roles)),
        null);
  }

  /** Makes the principals of a seed ("alice:author,bob:reviewer|releaser") that are not there yet. */
  @Transactional
  public void seed(String seed) {
    for (String part : seed.split(",")) {
      if (part.isBlank()) {
        continue;
      }
      String[] pair = part.trim().split(":", 2);
      if (pair.length != 2) {
        throw new IllegalArgumentException(
            "slipway.access.seed is written name:role|role,… not '" + part + "'");
      }
      lock(pair[0]);
      if (store.findById(pair[0]) == null) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String role : pair[1].split("\\|")) {
          roles.add(Role.of(role));
        }
        put(new Caller("slipway", Set.of(Role.ADMIN), null), pair[0], roles);
      }
    }
  }

  /** Of two who create a name at once the second finds what the first has made. */
  private void lock(String name) {
    database.first(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
        row -> Boolean.TRUE,
        "principal/" + name);
  }

  private static Principal view(PrincipalEntity entity) {
    return new Principal(entity.name, entity.roleSet(), entity.createdAt, entity.createdBy);
  }
}
