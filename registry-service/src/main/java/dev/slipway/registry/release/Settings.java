package dev.slipway.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.model.FeedRelevantChange;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** How each model is served: versioned records, shown in the feed. */
@ApplicationScoped
public class Settings {
  private static final int MAX_THREADS = 1_024;
  private static final int MAX_SAMPLES = 1_000;
  private static final int MAX_COUNT = 100_000;
  private static final int MAX_DEADLINE_MS = 3_600_000;
  private static final int MAX_PROVIDERS = 16;
  private static final Pattern PROVIDER = Pattern.compile("[A-Za-z0-9]{1,60}ExecutionProvider");

  private final Database database;
  private final LivePointers pointers;
  private final FeedRevision feed;
  private final ReleaseGate gate;
  private final AuditLog audit;
  private final ObjectMapper json;
  private final Clock clock;

  Settings(
      Database database,
      LivePointers pointers,
      FeedRevision feed,
      ReleaseGate gate,
      AuditLog audit,
      ObjectMapper json,
      Clock clock) {
    this.database = database;
    this.pointers = pointers;
    this.feed = feed;
    this.gate = gate;
    this.audit = audit;
    this.json = json;
    this.clock = clock;
  }

  /** @param number 0 while the model has the defaults */
  public record Numbered(long number, ServingSettings settings) {}

  /** @throws dev.slipway.registry.problem.RegistryException.NotFound when there is no such model */
  @Transactional
  public Numbered get(String model) {
    return inForce(pointers.find(model).id());
  }

  /**
   * Replaces the settings as a whole.
   *
   * @param expected the number that the caller saw; null for any
   * @throws Forbidden when {@code release} changes and the caller may not approve a move to Production, where the policy wants that
   *     approved
   */
  @Transactional
  public Numbered put(Caller caller, String model, ServingSettings settings, Long expected) {
    check(settings);
    LivePointers.Model locked = pointers.lock(model);
    if (caller.isAnonymous() && gate.isReviewed(locked.id())) {
      throw new Forbidden("name-needed", "settings are changed by name: say who you are");
    }
    Numbered before = inForce(locked.id());
    if (expected != null && expected != before.number()) {
      throw new PreconditionFailed("the settings are at number " + before.number() + " by now, not "
          + expected + ": read them again");
    }
    if (!settings.strategy().equals(before.settings().strategy())) {
      gate.requireApprover(
          caller, locked.id(), "change how a version is released (settings.release)");
    }
    var after = new Numbered(before.number() + 1, settings);
    database.update(
        """
        insert into serving_settings (model_id, number, body, created_by, created_at)
        values (?, ?, ?::jsonb, ?, ?)
        """, locked.id(), after.number(), write(settings), caller.name(), clock.instant());
    audit.append(caller, "settings.change", "model/" + model + "/settings", null, before, after);
    feed.bump();
    return after;
  }

  /** A version of the model entered or left Staging. */
  public void stagingChanged(long model) {
    if (inForce(model).settings().servesStaging()) {
      feed.bump();
    }
  }

  void changed(@Observes FeedRelevantChange change) {
    feed.bump();
  }

  Numbered inForce(long model) {
    return database
        .first(
            "select number, body from serving_settings where model_id = ? order by number desc limit 1",
            row -> new Numbered(row.number("number"), read(row.text("body"))),
            model)
        .orElseGet(() -> new Numbered(0, ServingSettings.defaults()));
  }

  private static void check(ServingSettings settings) {
    if (settings == null) {
      throw new Invalid("the body holds the settings");
    }
    between("intra_op_threads", settings, it -> or(it.intraOpThreads(), 1), 0, MAX_THREADS);
    between("inter_op_threads", settings, it -> or(it.interOpThreads(), 1), 0, MAX_THREADS);
    between("max_concurrency", settings, it -> or(it.maxConcurrency(), 1), 1, MAX_COUNT);
    between("max_queue", settings, it -> or(it.maxQueue(), 0), 0, MAX_COUNT);
    between("deadline_ms", settings, it -> or(it.deadlineMs(), 1), 1, MAX_DEADLINE_MS);
    between("max_batch_size", settings, it -> or(it.maxBatchSize(), 1), 1, MAX_COUNT);
    between("sample_requests", settings, it -> or(it.sampleRequests(), 0), 0, MAX_SAMPLES);
    between("warmup_requests", settings, it -> or(it.warmupRequests(), 0), 0, MAX_COUNT);
    StrategyRules.check(settings.release());
    providers(settings.sessionOptions().executionProviders());
  }

  private static void providers(List<String> names) {
    if (names != null
        && (names.size() > MAX_PROVIDERS
            || !names.stream().allMatch(name -> PROVIDER.matcher(name).matches()))) {
      throw new Invalid("session.execution_providers has at most " + MAX_PROVIDERS
          + " names as ONNX Runtime writes them, such as CUDAExecutionProvider");
    }
  }

  private static int or(Integer value, int standIn) {
    return value == null ? standIn : value;
  }

  private static void between(
      String name,
      ServingSettings settings,
      ToIntFunction<ServingSettings> value,
      int low,
      int high) {
    int given = value.applyAsInt(settings);
    if (given < low || given > high) {
      throw new Invalid(name + " is " + low + " to " + high + ", not " + given);
    }
  }

  private ServingSettings read(String body) {
    try {
      return json.readValue(body, ServingSettings.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored serving settings cannot be read", e);
    }
  }

  private String write(ServingSettings settings) {
    try {
      return json.writeValueAsString(settings);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("serving settings cannot be written", e);
    }
  }
}
