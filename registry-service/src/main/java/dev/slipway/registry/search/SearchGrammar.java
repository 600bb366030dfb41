package dev.slipway.registry.search;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The language of one kind of search: which subjects and keys it has, which operators go with them. Filters are
 * {@code <key> <operator> <value>} joined by AND only. The rules and the messages follow MLflow 3.17
 * ({@code mlflow.utils.search_utils}); its clients' tests look for the messages.
 */
public final class SearchGrammar {
  private static final Map<String, Subject> ALL_PREFIXES = prefixes();
  private static final Map<String, Subject> TAG_PREFIXES =
      Map.of("attribute", Subject.ATTRIBUTE, "tag", Subject.TAG, "tags", Subject.TAG);

  public static final SearchGrammar RUNS = new Builder("runs", ALL_PREFIXES)
      .text("run_id", "run_name", "user_id", "status", "artifact_uri")
      .numeric("start_time", "end_time")
      .alias("start_time", "created", "Created")
      .alias("run_name", "run name", "Run name", "Run Name")
      .lists("run_id")
      .operators(Subject.PARAMETER, Comparison.TEXT_OR_ABSENT)
      .operators(Subject.TAG, Comparison.TEXT_OR_ABSENT)
      .operators(Subject.DATASET, Comparison.TEXT_OR_LIST)
      .build();

  public static final SearchGrammar EXPERIMENTS = new Builder(
          "experiments",
          Map.of(
              "attribute", Subject.ATTRIBUTE,
              "attributes", Subject.ATTRIBUTE,
              "tag", Subject.TAG,
              "tags", Subject.TAG))
      .text("name", "experiment_id")
      .numeric("creation_time", "last_update_time")
      .lists("experiment_id")
      .operators(Subject.TAG, Comparison.TEXT_OR_ABSENT)
      .build();

  public static final SearchGrammar REGISTERED_MODELS = new Builder(
          "registered models", TAG_PREFIXES)
      .text("name")
      .orderOnly("last_updated_timestamp")
      .orderKeyWords("order by key")
      .alias("last_updated_timestamp", "timestamp")
      .lists("name")
      .build();

  public static final SearchGrammar MODEL_VERSIONS = new Builder("model versions", TAG_PREFIXES)
      .text("name", "run_id", "source_path")
      .numeric("version_number")
      .filterOnly("run_id", "source_path")
      .orderOnly("creation_timestamp", "last_updated_timestamp")
      .lists("name", "run_id")
      .build();

  public static final SearchGrammar LOGGED_MODELS = new Builder(
          "logged models",
          Map.of(
              "attributes", Subject.ATTRIBUTE,
              "metrics", Subject.METRIC,
              "params", Subject.PARAMETER,
              "tags", Subject.TAG))
      .text("name", "model_id", "model_type", "status", "source_run_id")
      .text("experiment_id", "artifact_location")
      .numeric("creation_timestamp", "last_updated_timestamp")
      .alias("creation_timestamp", "creation_time", "creation_timestamp_ms")
      .alias("last_updated_timestamp", "last_updated_time", "last_updated_timestamp_ms")
      .lists("name", "model_id", "model_type", "status", "source_run_id")
      .lists("experiment_id", "artifact_location")
      .operators(Subject.PARAMETER, Comparison.TEXT_OR_LIST)
      .operators(Subject.TAG, Comparison.TEXT_OR_LIST)
      .build();

  private static final Set<String> DATASET_KEYS = Set.of("name", "digest", "context");

  private final String name;
  private final Map<String, Subject> prefixes;
  private final Set<String> textKeys;
  private final Set<String> numericKeys;
  private final Set<String> orderOnlyKeys;
  private final Set<String> filterOnlyKeys;
  private final String orderKeyWords;
  private final Map<String, String> aliases;
  private final Set<String> listKeys;
  private final Map<Subject, Set<Comparison>> operators;

  private SearchGrammar(Builder builder) {
    name = builder.name;
    prefixes = builder.prefixes;
    textKeys = Set.copyOf(builder.textKeys);
    numericKeys = Set.copyOf(builder.numericKeys);
    orderOnlyKeys = Set.copyOf(builder.orderOnlyKeys);
    filterOnlyKeys = Set.copyOf(builder.filterOnlyKeys);
    orderKeyWords = builder.orderKeyWords;
    aliases = Map.copyOf(builder.aliases);
    listKeys = Set.copyOf(builder.listKeys);
    operators = builder.operators;
  }

  /**
   * The clauses of {@code filter}; none for null or an empty one.
   *
   * @throws SearchSyntaxException saying what cannot be read or does not fit together
   */
  public List<Clause> parse(String filter) {
    if (filter == null || filter.isEmpty()) {
      return List.of();
    }
    if (filter.isBlank()) {
      throw new SearchSyntaxException("Invalid filter '" + filter + "'. Could not be parsed.");
    }
    return new FilterParser(this, filter).parse();
  }

  /**
   * One element of an {@code order_by} list: a key, perhaps followed by ASC or DESC.
   *
   * @throws SearchSyntaxException saying what cannot be read
   */
  public Ordering parseOrdering(String ordering) {
    return OrderingParser.parse(this, ordering);
  }

  /** Splits {@code metrics."a b"} into subject and key. */
  Key key(String written, boolean ordering) {
    int dot = written.indexOf('.');
    String prefix = dot < 0 ? "attribute" : unquoted(written.substring(0, dot), '`');
    Subject subject = dot < 0 ? Subject.ATTRIBUTE : prefixes.get(prefix);
    if (subject == null) {
      throw new SearchSyntaxException("Invalid entity type '" + prefix + "'. Valid values are "
          + new TreeSet<>(prefixes.keySet()));
    }
    String key = unquoted(unquoted(written.substring(dot + 1), '"', '\''), '`');
    if (subject == Subject.ATTRIBUTE) {
      return new Key(subject, attribute(key, ordering));
    }
    if (subject == Subject.DATASET && !DATASET_KEYS.contains(key)) {
      throw new SearchSyntaxException("Invalid dataset key '" + key
          + "' specified. Valid keys are '" + new TreeSet<>(DATASET_KEYS) + "'");
    }
    return new Key(subject, key);
  }

  private String attribute(String key, boolean ordering) {
    String canonical = aliases.getOrDefault(key, key);
    boolean known = ordering
        ? orderOnlyKeys.contains(canonical)
            || (isFilterKey(canonical) && !filterOnlyKeys.contains(canonical))
        : isFilterKey(canonical);
    if (!known) {
      throw new SearchSyntaxException("Invalid " + (ordering ? orderKeyWords : "attribute key")
          + " '" + key + "' specified. Valid keys are '" + validKeys(ordering) + "'");
    }
    return canonical;
  }

  private boolean isFilterKey(String canonical) {
    return textKeys.contains(canonical) || numericKeys.contains(canonical);
  }

  private Set<String> validKeys(boolean ordering) {
    var valid = new TreeSet<>(textKeys);
    valid.addAll(numericKeys);
    if (ordering) {
      valid.addAll(orderOnlyKeys);
      valid.removeAll(filterOnlyKeys);
    }
    return valid;
  }

  boolean isNumeric(Key key) {
    return key.subject() == Subject.METRIC
        || (key.subject() == Subject.ATTRIBUTE && numericKeys.contains(key.name()));
  }

  /** The keys of {@code subject} that compare with a list; empty when none does. */
  boolean takesList(Key key) {
    return key.subject() == Subject.ATTRIBUTE
        ? listKeys.contains(key.name())
        : operators.getOrDefault(key.subject(), Set.of()).contains(Comparison.IN);
  }

  Set<String> listKeys() {
    return new TreeSet<>(listKeys);
  }

  Set<Comparison> operators(Key key) {
    if (isNumeric(key)) {
      return Comparison.NUMERIC;
    }
    return key.subject() == Subject.ATTRIBUTE
        ? Comparison.TEXT_OR_LIST
        : operators.getOrDefault(key.subject(), Comparison.TEXT);
  }

  /** Whether {@code IS NULL} exists for any subject of this language. */
  boolean asksPresence(Key key) {
    return operators(key).contains(Comparison.IS_NULL);
  }

  @Override
  public String toString() {
    return name;
  }

  private static String unquoted(String text, char... quotes) {
    for (char quote : quotes) {
      if (text.length() >= 2
          && text.charAt(0) == quote
          && text.charAt(text.length() - 1) == quote) {
        return text.substring(1, text.length() - 1);
      }
    }
    return text;
  }

  private static Map<String, Subject> prefixes() {
    var prefixes = new java.util.HashMap<String, Subject>();
    for (Subject subject : Subject.values()) {
      prefixes.put(subject.label(), subject);
      prefixes.put(subject.plural(), subject);
    }
    prefixes.put("param", Subject.PARAMETER);
    prefixes.put("parameters", Subject.PARAMETER);
    prefixes.put("attr", Subject.ATTRIBUTE);
    prefixes.put("run", Subject.ATTRIBUTE);
    return Map.copyOf(prefixes);
  }

  /** A key with its subject, quotes gone and aliases resolved. */
  record Key(Subject subject, String name) {}

  private static final class Builder {
    private final String name;
    private final Map<String, Subject> prefixes;
    private final Set<String> textKeys = new TreeSet<>();
    private final Set<String> numericKeys = new TreeSet<>();
    private final Set<String> orderOnlyKeys = new TreeSet<>();
    private final Set<String> filterOnlyKeys = new TreeSet<>();
    private String orderKeyWords = "attribute key";
    private final Map<String, String> aliases = new java.util.HashMap<>();
    private final Set<String> listKeys = new TreeSet<>();
    private final Map<Subject, Set<Comparison>> operators = new EnumMap<>(Subject.class);

    Builder(String name, Map<String, Subject> prefixes) {
      this.name = name;
      this.prefixes = prefixes;
    }

    Builder text(String... keys) {
      textKeys.addAll(List.of(keys));
      return this;
    }

    Builder numeric(String... keys) {
      numericKeys.addAll(List.of(keys));
      return this;
    }

    Builder orderOnly(String... keys) {
      orderOnlyKeys.addAll(List.of(keys));
      return this;
    }

    Builder filterOnly(String... keys) {
      filterOnlyKeys.addAll(List.of(keys));
      return this;
    }

    /** What a key to order by is called where it is refused. */
    Builder orderKeyWords(String words) {
      orderKeyWords = words;
      return this;
    }

    Builder alias(String canonical, String... others) {
      for (String other : others) {
        aliases.put(other, canonical);
      }
      return this;
    }

    Builder lists(String... keys) {
      listKeys.addAll(List.of(keys));
      return this;
    }

    Builder operators(Subject subject, Set<Comparison> allowed) {
      operators.put(subject, allowed);
      return this;
    }

    SearchGrammar build() {
      return new SearchGrammar(this);
    }
  }
}
