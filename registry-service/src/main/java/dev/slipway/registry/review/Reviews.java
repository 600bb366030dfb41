package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests to move a version: opening, withdrawing, discussing and reading them. {@link Voting} decides them. */
@ApplicationScoped
public class Reviews {
  private static final int MAX_COMMENT = 10_000;

  private final RequestStore requests;
  private final CommentStore comments;
  private final Expiry expiry;
  private final RequestViews views;
  private final Policies policies;
  private final Moves moves;
  private final CheckStore checks;
  private final CheckNames checkNames;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final ReviewMetrics metrics;
  private final Clock clock;

  Reviews(
      RequestStore requests,
      CommentStore comments,
      Expiry expiry,
      RequestViews views,
      Policies policies,
      Moves moves,
      CheckStore checks,
      CheckNames checkNames,
      LivePointers pointers,
      AuditLog audit,
      ReviewMetrics metrics,
      Clock clock) {
    this.requests = requests;
    this.comments = comments;
    this.expiry = expiry;
    this.views = views;
    this.policies = policies;
    this.moves = moves;
    this.checks = checks;
    this.checkNames = checkNames;
    this.pointers = pointers;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Asks for a move. One that needs no approval is made at once, so the answer may be applied already; a switch to a live version
   * may still be going on: then it is approved and names the release.
   *
   * @param archiveExisting under an open policy, whether the other versions in {@code to} go to Archived
   * @throws NotFound when there is no such model or version
   * @throws Conflict when the move is not possible or asked for already
   */
  @Transactional
  public Request open(
      Caller caller, String model, int version, Stage to, String comment, boolean archiveExisting) {
    requireComment(comment);
    Long seen = pointers.find(model).live();
    Model locked = pointers.lock(model);
    Version found = pointers.version(locked, version);
    Policy policy = policies.inForce(locked.id());
    moves.requireNotOvertaken(seen, locked, to, policy.rules());
    moves.requirePossible(locked, found, to, policy.rules());
    return open(caller, locked, found, to, comment, archiveExisting, policy);
  }

  /** As {@link #open}, of a move that is known to be possible. */
  Request open(
      Caller caller,
      Model model,
      Version version,
      Stage to,
      String comment,
      boolean archiveExisting,
      Policy policy) {
    boolean live = model.live() != null && model.live() == version.id();
    PolicyRules.MoveRule rule = policy.rules().ruleFor(version.stage(), to, live);
    if (caller.isAnonymous() && !policy.rules().isOpen()) {
      moves.requireHarmless(version, to, rule);
    }
    var bindings = new Bindings(
        version.digest(), version.stage(), to, policy.id(), liveDigest(model), Set.of());
    Instant now = clock.instant();
    long id = requests
        .insert(
            model.id(),
            version.id(),
            null,
            bindings,
            caller.name(),
            comment,
            archiveExisting,
            Expiry.end(rule, now),
            now)
        .orElseThrow(() -> askedAlready(model, version, to));
    audit.append(
        caller,
        "request.open",
        object(model.name(), id),
        version.digest(),
        null,
        Map.of("version", version.number(), "from", version.stage(), "to", to));
    metrics.transition(to, "requested");
    if (rule.needsNothing()) {
      moves.apply(model, version, requests.find(id).orElseThrow(), caller);
      metrics.transition(to, "granted");
    } else if (version.digest() != null
        && !live
        && version.stage().moveTo(to) != Stage.Move.ROLLBACK_ONLY) {
      checks.open(id, checkNames.computed(), clock.instant());
    }
    return get(id);
  }

  /** Asks for the live version's retirement. @throws Conflict when nothing is live */
  @Transactional
  public Request retire(Caller caller, String model, String reason) {
    requireComment(reason);
    Model locked = pointers.lock(model);
    if (locked.live() == null) {
      throw new Conflict(
              "no-live-version", "model '" + model + "' has no live version: nothing to retire")
          .with("model", model);
    }
    Version live = pointers.versions(List.of(locked.live())).get(locked.live());
    return open(caller, locked, live, Stage.ARCHIVED, reason, true, policies.inForce(locked.id()));
  }

  /** Takes a request back. @throws Forbidden unless the caller made it or is an admin */
  @Transactional
  public Request withdraw(Caller caller, long id, String comment) {
    requireComment(comment);
    RequestRow request = lock(id);
    withdrawalProblem(caller, request).ifPresent(problem -> {
      throw problem;
    });
    requests.withdraw(id, caller.name(), comment, clock.instant());
    audit.append(
        caller,
        "request.withdraw",
        object(request.model(), id),
        request.bound().digest(),
        Map.of("state", request.state()),
        Map.of("state", RequestState.WITHDRAWN));
    metrics.transition(request.to(), "withdrawn");
    return get(id);
  }

  /** Why the caller cannot withdraw it now, in words; empty when it can. */
  @Transactional
  public Optional<String> withdrawalObstacle(Caller caller, long id) {
    return withdrawalProblem(caller, require(id)).map(RegistryException::getMessage);
  }

  private static Optional<RegistryException> withdrawalProblem(Caller caller, RequestRow request) {
    if (!request.policy().rules().isOpen()
        && !caller.name().equals(request.requester())
        && !caller.has(Role.ADMIN)) {
      return Optional.of(new Forbidden(
          "not-yours",
          "only " + request.requester()
              + " or an admin may withdraw this request; a reviewer may reject it"));
    }
    return request.state() == RequestState.OPEN ? Optional.empty() : Optional.of(closed(request));
  }

  /** Adds to the discussion, also of a closed request. */
  @Transactional
  public Request comment(Caller caller, long id, String body) {
    if (body == null || body.isBlank()) {
      throw new Invalid("a comment has a body");
    }
    requireComment(body);
    RequestRow request = require(id);
    if (caller.isAnonymous() && !request.policy().rules().isOpen()) {
      throw new Forbidden("name-needed", "a comment is made by name: say who you are");
    }
    comments.comment(id, caller.name(), body, clock.instant());
    audit.append(
        caller,
        "request.comment",
        object(request.model(), id),
        request.bound().digest(),
        null,
        Map.of("comment", body));
    return get(id);
  }

  /** @throws NotFound when there is no such request */
  @Transactional
  public Request get(long id) {
    return views.of(require(id));
  }

  /**
   * Newest first.
   *
   * @param model null for every model
   * @param version null for every version; only with a model
   * @param state null for every state
   * @param before only those with a lower id
   */
  @Transactional
  public List<Request> list(
      String model, Integer version, RequestState state, long before, int size) {
    Model found = model == null ? null : pointers.find(model);
    Long versionId = found == null || version == null
        ? null
        : pointers.version(found, version).id();
    Long modelId = found == null ? null : found.id();
    List<RequestRow> page = requests.page(modelId, versionId, state, before, size);
    boolean ended = page.stream().map(expiry::expireIfDue).reduce(false, Boolean::logicalOr);
    return views.of(ended ? requests.page(modelId, versionId, state, before, size) : page);
  }

  /** The request with its model locked, as it stands under the lock. */
  RequestRow lock(long id) {
    pointers.lock(find(id).modelId());
    RequestRow found = find(id);
    return expiry.expireUnderLock(found) ? find(id) : found;
  }

  static void requireComment(String comment) {
    if (comment != null && (comment.length() > MAX_COMMENT || comment.indexOf('\0') >= 0)) {
      throw new Invalid("a comment has at most " + MAX_COMMENT + " characters and no NUL");
    }
  }

  static Conflict closed(RequestRow request) {
    var conflict = new Conflict(
        "request-closed",
        "request " + request.id() + " is " + request.state().label()
            + (request.state() == RequestState.APPROVED
                ? ": its release is under way"
                : ": make a new one"));
    conflict.with("request_id", request.id()).with("state", request.state().label());
    return conflict;
  }

  static String object(String model, long request) {
    return "model/" + model + "/request/" + request;
  }

  /** As it stands, ended if it is due. */
  private RequestRow require(long id) {
    RequestRow found = find(id);
    return expiry.expireIfDue(found) ? find(id) : found;
  }

  /** For who has locked and changed it too: {@link #lock} would end one that is due by another transaction, which waits for this one. */
  RequestRow find(long id) {
    return requests
        .find(id)
        .orElseThrow(() ->
            new NotFound("request-not-found", "there is no request " + id).with("request_id", id));
  }

  private String liveDigest(Model model) {
    return model.live() == null
        ? null
        : pointers.versions(List.of(model.live())).get(model.live()).digest();
  }

  private RuntimeException askedAlready(Model model, Version version, Stage to) {
    RequestRow other = requests.pending(version.id(), to).orElseThrow();
    return new Conflict(
            "request-exists",
            "version " + version.number() + " of model '" + model.name() + "' has request "
                + other.id() + " to " + to + " already, " + other.state().label() + " and made by "
                + other.requester())
        .with("model", model.name())
        .with("version", version.number())
        .with("request_id", other.id());
  }
}
