package dev.slipway.registry.tracking;

import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a search over runs. In the order of a metric the runs that have it as a number are looked for first: an index has them in
 * that order, so that a full page is read off its end, however many runs match. Only a page that the best of them do not fill takes
 * a second statement, over all that match.
 */
final class RunSearch {
  /** Runs from the front, this page's included: further back, a sort of all that match costs no more. */
  private static final long DEEPEST = 5000;

  /** How many of a metric's numbers are looked through, besides two for each run from the front. */
  private static final long LOOKED_THROUGH = 2000;

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
            experimentIds.stream().map(TrackingRules::listedExperimentId).toList(),
            List.of(view.stages()),
            SearchGrammar.RUNS.parse(filter),
            orderBy.stream().map(SearchGrammar.RUNS::parseOrdering).toList()),
        limit);
  }

  Page<RunRow> run(Function<SqlText, List<RunRow>> executor) {
    Optional<List<RunRow>> numbers = Optional.of(limit.offset() + limit.size())
        .filter(end -> end <= DEEPEST)
        .flatMap(end -> RunStatement.ofNumbers(query, LOOKED_THROUGH + 2 * end))
        .map(limit::appendTo)
        .map(executor)
        .filter(limit::isCut);
    return limit.page(
        numbers.orElseGet(() -> executor.apply(limit.appendTo(RunStatement.of(query)))));
  }
}
