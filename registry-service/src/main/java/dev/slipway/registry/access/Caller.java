package dev.slipway.registry.access;

import dev.slipway.registry.problem.RegistryException.Forbidden;
import java.util.Set;

/**
 * Who makes the current call.
 *
 * @param name as the caller says; {@link #ANONYMOUS} when it says nothing
 * @param requestId of the current call, for audit rows and logs; may be null
 */
public record Caller(String name, Set<Role> roles, String requestId) {
  public static final String ANONYMOUS = "anonymous";
  /** Characters of a name. */
  public static final int LONGEST_NAME = 256;

  /** The registry itself, for what it does without a call. */
  public static final Caller REGISTRY = new Caller("slipway", Set.of(), null);

  public Caller {
    roles = Set.copyOf(roles);
  }

  public boolean isAnonymous() {
    return ANONYMOUS.equals(name);
  }

  public boolean has(Role role) {
    return roles.contains(role) || roles.contains(Role.ADMIN);
  }

  public boolean hasAny(Set<Role> wanted) {
    return wanted.stream().anyMatch(this::has);
  }

  /**
   * @param what the deed, to finish "… may not"
   * @throws Forbidden when the caller lacks the role
   */
  public void require(Role role, String what) {
    if (!has(role)) {
      throw new Forbidden(
          "role-missing", "'" + name + "' may not " + what + ": it needs the role " + role.label());
    }
  }
}
