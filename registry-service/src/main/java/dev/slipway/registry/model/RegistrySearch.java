package dev.slipway.registry.model;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds models and versions by filter, in any order, page by page: one statement finds the rows of a page, one reads them.
 */
@ApplicationScoped
public class RegistrySearch {
  private static final int MOST_MODELS = 1000;
  private static final int MOST_VERSIONS = 200_000;
  private static final int CHUNK = 5000;

  private final Database database;
  private final RegistryRows rows;

  RegistrySearch(Database database, RegistryRows rows) {
    this.database = database;
    this.rows = rows;
  }

  /**
   * @param filter see {@link SearchGrammar#REGISTERED_MODELS}; null or empty for all. Prompts are found only by their tag
   * @param maxResults 0 to 1000
   */
  public Page<ModelView> models(
      String filter, int maxResults, List<String> orderBy, String pageToken) {
    if (maxResults < 0 || maxResults > MOST_MODELS) {
      throw new Invalid("Invalid value for request parameter max_results. It must be at most "
          + MOST_MODELS + ", but got value " + maxResults);
    }
    long offset = PageToken.parse(pageToken).offset();
    List<Long> ids = ids(SearchStatement.ofModels(filter, orderBy).page(maxResults, offset));
    var byId = new HashMap<Long, ModelView>();
    for (List<Long> chunk : chunks(first(ids, maxResults))) {
      rows.models("where m.id = any (?)", chunk).forEach(view -> byId.put(view.id(), view));
    }
    return page(ids, maxResults, offset, byId);
  }

  /**
   * @param filter see {@link SearchGrammar#MODEL_VERSIONS}; null or empty for all. Versions of prompts are found only by their tag
   * @param maxResults 1 to 200,000
   */
  public Page<VersionView> versions(
      String filter, int maxResults, List<String> orderBy, String pageToken) {
    if (maxResults < 1) {
      throw new Invalid(
          "Invalid value for max_results. It must be a positive integer, but got " + maxResults);
    }
    if (maxResults > MOST_VERSIONS) {
      throw new Invalid("Invalid value for request parameter max_results. It must be at most "
          + MOST_VERSIONS + ", but got value " + maxResults);
    }
    long offset = PageToken.parse(pageToken).offset();
    List<Long> ids = ids(SearchStatement.ofVersions(filter, orderBy).page(maxResults, offset));
    return page(ids, maxResults, offset, views(first(ids, maxResults)));
  }

  private List<Long> ids(SearchStatement statement) {
    return database.list(statement.sql(), row -> row.number("id"), statement.arguments());
  }

  private Map<Long, VersionView> views(List<Long> ids) {
    var byId = new HashMap<Long, VersionView>();
    for (List<Long> chunk : chunks(ids)) {
      rows.versions(
              "from model_version v join registered_model m on m.id = v.model_id where v.id = any (?)",
              chunk)
          .forEach(view -> byId.put(view.id(), view));
    }
    return byId;
  }

  private static <T> Page<T> page(List<Long> ids, int size, long offset, Map<Long, T> byId) {
    return new Page<>(
        first(ids, size).stream().filter(byId::containsKey).map(byId::get).toList(),
        ids.size() > size ? PageToken.ofOffset(offset + size).encoded() : null);
  }

  private static List<Long> first(List<Long> ids, int size) {
    return ids.subList(0, Math.min(ids.size(), size));
  }

  private static List<List<Long>> chunks(List<Long> ids) {
    var chunks = new ArrayList<List<Long>>();
    for (int from = 0; from < ids.size(); from += CHUNK) {
      chunks.add(ids.subList(from, Math.min(ids.size(), from + CHUNK)));
    }
    return chunks;
  }
}
