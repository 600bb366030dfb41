package dev.slipway.launcher.process;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Processes of a stack whose supervisor is gone. They are known by their command lines, which name the data directory: a
 * process id from a file could by now belong to somebody else.
 */
public final class Leftovers {
  private static final String MARK = "-Dslipway.stack=";

  private Leftovers() {}

  /** The JVM argument that marks a service of the stack in {@code data}. It must stand among the first. */
  public static String mark(Path data) {
    return MARK + data;
  }

  /** One process that was found. */
  public record Leftover(String name, ProcessHandle process, Stop stop) {
    public void end() {
      stop.end(process);
    }
  }

  /** What still runs on {@code data}, in the order in which it should be stopped. */
  public static List<Leftover> of(Path data, Path database) {
    List<ProcessHandle> all = ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .toList();
    List<Leftover> found = new java.util.ArrayList<>();
    for (ProcessHandle process : all) {
      List<String> arguments = Arrays.asList(process.info().arguments().orElse(new String[0]));
      if (arguments.contains(mark(data))) {
        found.add(new Leftover("service", process, Stop.SERVICE));
      }
    }
    for (ProcessHandle process : all) {
      List<String> arguments = Arrays.asList(process.info().arguments().orElse(new String[0]));
      int at = arguments.indexOf("-D");
      if (at >= 0
          && at + 1 < arguments.size()
          && arguments.get(at + 1).equals(database.toString())) {
        found.add(new Leftover("PostgreSQL", process, Stop.POSTGRES));
      }
    }
    return found;
  }
}
