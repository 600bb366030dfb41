package dev.slipway.serving.probe;

import java.util.Map;

/**
 * What the child process is asked to do.
 *
 * @param kind of job
 * @param folder the version's files, verified
 * @param fileBytes their size together
 * @param liveFolder the files of the version that is live, for a comparison; null when it is none or nothing is live
 * @param parameters of the job
 */
record ProbeTask(
    String kind, String folder, long fileBytes, String liveFolder, Map<String, String> parameters) {
  ProbeTask {
    parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
  }
}
