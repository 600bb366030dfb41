package dev.slipway.serving.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.json.WireJson;
import java.util.Optional;

/** What goes between the two processes: tasks down, phases and one answer up, a line each. Other lines are a library's chatter. */
final class ProbeLine {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final String PHASE = "slipway-probe phase ";
  private static final String ANSWER = "slipway-probe answer ";

  private ProbeLine() {}

  static String of(ProbeTask task) {
    return write(task);
  }

  static String of(Phase phase) {
    return PHASE + phase;
  }

  static String of(JobResult answer) {
    return ANSWER + write(answer);
  }

  static ProbeTask task(String line) {
    return read(line, ProbeTask.class);
  }

  static Optional<Phase> phase(String line) {
    return line.startsWith(PHASE)
        ? Optional.of(Phase.valueOf(line.substring(PHASE.length())))
        : Optional.empty();
  }

  static Optional<JobResult> answer(String line) {
    return line.startsWith(ANSWER)
        ? Optional.of(read(line.substring(ANSWER.length()), JobResult.class))
        : Optional.empty();
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a line: " + value.getClass(), e);
    }
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a line that is understood", e);
    }
  }
}
