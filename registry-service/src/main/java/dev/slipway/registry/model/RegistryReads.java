package dev.slipway.registry.model;

import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients ask for all day long, each by one statement and without a transaction. */
@ApplicationScoped
public class RegistryReads {
  /** One step into an index for each stage, however many versions there are. */
  private static final String LATEST = """
      from unnest(?) as wanted (model_id)
        cross join unnest(array['None', 'Staging', 'Production', 'Archived']) as stages (stage)
        cross join lateral (select * from model_version x where x.model_id = wanted.model_id and x.stage = stages.stage
                             order by x.number desc limit 1) v
        join registered_model m on m.id = v.model_id
      """;

  private final RegistryRows rows;

  RegistryReads(RegistryRows rows) {
    this.rows = rows;
  }

  /** @throws NotFound when there is no such model */
  public ModelView model(String name) {
    List<ModelView> found = rows.models("where m.name = ?", name);
    if (found.isEmpty()) {
      throw NotFound.model(name);
    }
    return found.getFirst();
  }

  /** @throws NotFound which says whether the model or the version is missing */
  public VersionView version(String model, int number) {
    List<VersionView> found = rows.versions(
        "from model_version v join registered_model m on m.id = v.model_id where m.name = ? and v.number = ?",
        model,
        number);
    if (found.isEmpty()) {
      model(model);
      throw NotFound.version(model, number);
    }
    return found.getFirst();
  }

  /** For each of these models (by id) and each stage that it has a version in, the one with the highest number; stages in order. */
  public Map<Long, List<VersionView>> latestByStage(Collection<Long> modelIds) {
    var latest = new TreeMap<Long, List<VersionView>>();
    modelIds.forEach(model -> latest.put(model, new ArrayList<>()));
    rows.versions(LATEST, modelIds).stream()
        .sorted(Comparator.comparing(VersionView::stage))
        .forEach(version -> latest.get(version.modelId()).add(version));
    return latest;
  }
}
