package dev.slipway.serving.probe;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds in memory, native memory included, as Linux counts it (proc(5)); 0 where it cannot be told. */
final class ResidentMemory {
  private static final Path SELF = Path.of("/proc/self");

  private ResidentMemory() {}

  /** What this process holds now, in bytes. */
  static long bytes() {
    return read(SELF, "VmRSS:");
  }

  /** The most that this process held since {@link #forgetPeak}, in bytes. */
  static long peak() {
    return read(SELF, "VmHWM:");
  }

  static void forgetPeak() {
    write("clear_refs", "5");
  }

  /** Lets the system end this process before any other when memory runs out. */
  static void offerAsVictim() {
    write("oom_score_adj", "1000");
  }

  /**
   * Has the C library give freed memory back to the system (malloc_trim(3), where there is one): what one model freed while it
   * was loaded would else be taken by the next, and missed in its figure.
   */
  static void giveBackFreed() {
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("malloc_trim").ifPresent(trim -> {
      try {
        int _ = (int) linker
            .downcallHandle(
                trim, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
            .invokeExact(0L);
      } catch (Throwable notThere) {
        // The figures are less exact without it; nothing depends on it.
      }
    });
  }

  /** What another process holds of its own, mapped files not counted, in bytes. */
  static long bytesOf(long pid) {
    return read(Path.of("/proc", Long.toString(pid)), "RssAnon:");
  }

  private static long read(Path process, String field) {
    try (var lines = Files.lines(process.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException notLinuxOrGone) {
      return 0;
    }
  }

  private static void write(String file, String value) {
    try {
      Files.writeString(SELF.resolve(file), value);
    } catch (IOException notAllowed) {
      // The figures are less exact without it; nothing depends on it.
    }
  }
}
