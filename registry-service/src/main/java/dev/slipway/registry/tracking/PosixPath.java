package dev.slipway.registry.tracking;

import java.util.ArrayDeque;
import java.util.Deque;

/** Names that MLflow takes for paths ({@code posixpath.normpath}). */
public final class PosixPath {
  private PosixPath() {}

  /** Whether the name, taken as a path, stands for itself and stays below where it is put. */
  public static boolean isUnique(String name) {
    String normal = normal(name);
    return normal.equals(name)
        && !normal.equals(".")
        && !normal.startsWith("..")
        && !normal.startsWith("/");
  }

  /** The path that {@code name} stands for when taken as one: nothing is looked up. */
  public static String normal(String name) {
    Deque<String> parts = new ArrayDeque<>();
    boolean absolute = name.startsWith("/");
    for (String part : name.split("/")) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")
          || (!absolute && (parts.isEmpty() || parts.getLast().equals("..")))) {
        parts.addLast(part);
      } else {
        parts.pollLast();
      }
    }
    String path = (absolute ? "/" : "") + String.join("/", parts);
    return path.isEmpty() ? "." : path;
  }
}
