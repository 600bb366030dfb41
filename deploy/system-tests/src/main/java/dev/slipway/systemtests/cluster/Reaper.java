package dev.slipway.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Ends what this virtual machine started when it ends itself, however it ends: a small shell waits for the end of its input,
 * which the operating system brings about, and kills every process that it was told of.
 */
public final class Reaper {
  private static final String SCRIPT =
      "trap '' INT TERM HUP; pids=''; while read -r pid; do pids=\"$pids $pid\"; done; [ -z \"$pids\" ] || kill -9 $pids";
  private static Writer reaper;

  private Reaper() {}

  /** From now on the process will not outlive this virtual machine. */
  public static synchronized void watch(ProcessHandle process) {
    try {
      if (reaper == null) {
        Process shell = new ProcessBuilder("sh", "-c", SCRIPT)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        reaper = shell.outputWriter(StandardCharsets.US_ASCII);
      }
      reaper.write(process.pid() + "\n");
      reaper.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
