package dev.slipway.registry.tracking;

import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a search over runs. In the order of a metric the runs that have it as a number are looked for first: an index has them in
 * that order, so that a full page is read off its end, however many runs match. Only a page that they do not fill takes a second
 * statement, over all that match.
 */
final class RunSearch {
  private final RunStatement.Query query;
  private final SearchLimit limit;

  private RunSearch(RunStatement.Query query, SearchLimit limit) {
    this.query = query;
    this.limit = limit;
  }

  static RunSearch of(
      List<String> experimentIds,
      String filter,
      ViewType view,
      int maxResults,
      List<String> orderBy,
      String pageToken) {
    SearchLimit limit = SearchLimit.of(maxResults, PageToken.parse(pageToken));
    return new RunSearch(
        new RunStatement.Query(
            experimentIds.stream().map(TrackingRules::experimentId).toList(),
            List.of(view.stages()),
            SearchGrammar.RUNS.parse(filter),
            orderBy.stream().map(SearchGrammar.RUNS::parseOrdering).toList()),
        limit);
  }

  Page<RunRow> run(Function<SqlText, List<RunRow>> executor) {
    Optional<List<RunRow>> numbers =
        RunStatement.ofNumbers(query).map(limit::appendTo).map(executor).filter(limit::isCut);
    return limit.page(
        numbers.orElseGet(() -> executor.apply(limit.appendTo(RunStatement.of(query)))));
  }
}
