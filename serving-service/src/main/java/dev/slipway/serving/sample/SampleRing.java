package dev.slipway.serving.sample;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The inputs of requests that a model was sent, a bounded number, on this replica's own disk and nowhere else: a folder for each model
 * with a file for each place, which the next request for that place replaces. A form of this program's own: name, datatype, shape and bytes.
 */
public final class SampleRing {
  /** A request with larger inputs is not kept. */
  public static final int MAX_BYTES = 256 << 10;

  private static final String ENDING = ".sample";
  private static final int MAX_TENSORS = 1_000;
  private static final int MAX_RANK = 32;

  private final Path folder;

  private SampleRing(Path folder) {
    this.folder = folder;
  }

  /** Where the rings of all models are, in a replica's data directory. */
  public static Path in(Path dataDirectory) {
    return dataDirectory.resolve("samples").toAbsolutePath();
  }

  /** @param root of all rings of this replica */
  public static SampleRing of(Path root, String model) {
    // A model's name may hold what a file's cannot.
    return at(root.resolve(Digest.of(model.getBytes(StandardCharsets.UTF_8)).hex()));
  }

  public static SampleRing at(Path folder) {
    return new SampleRing(folder);
  }

  public Path folder() {
    return folder;
  }

  /** Keeps a request in a place, instead of the one that was there. Whoever reads meanwhile reads one of the two. */
  public void put(int place, List<Tensor> inputs) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path fresh = folder.resolve(place + ".new");
    Files.write(fresh, bytes(inputs));
    Files.move(
        fresh,
        folder.resolve(place + ENDING),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forgets the places from {@code size} on. */
  void cut(int size) throws IOException {
    for (Path file : files()) {
      if (place(file) >= size) {
        Files.deleteIfExists(file);
      }
    }
    if (size == 0 && Files.isDirectory(folder)) {
      try (var left = Files.list(folder)) {
        for (Path file : left.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  /** The requests that are kept, in direct buffers. One that cannot be read is left out. */
  public List<List<Tensor>> read() throws IOException {
    List<List<Tensor>> requests = new ArrayList<>();
    for (Path file : files()) {
      if (Files.size(file) <= 2L * MAX_BYTES) {
        try {
          requests.add(tensors(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException unreadable) {
          // Cut off by a full disk, or of another release of this program.
        }
      }
    }
    return requests;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d{1,6}\\" + ENDING))
          .sorted(Comparator.comparingInt(SampleRing::place))
          .toList();
    }
  }

  private static int place(Path file) {
    return Integer.parseInt(file.getFileName().toString().replace(ENDING, ""));
  }

  private static byte[] bytes(List<Tensor> inputs) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(inputs.size());
    for (Tensor input : inputs) {
      out.writeUTF(input.name());
      out.writeUTF(input.datatype().name());
      long[] dimensions = input.shape().toArray();
      out.writeInt(dimensions.length);
      for (long dimension : dimensions) {
        out.writeLong(dimension);
      }
      byte[] data = new byte[input.data().remaining()];
      input.data().get(input.data().position(), data);
      out.writeInt(data.length);
      out.write(data);
    }
    return bytes.toByteArray();
  }

  private static List<Tensor> tensors(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    List<Tensor> tensors = new ArrayList<>();
    int count = bounded(in.readInt(), MAX_TENSORS);
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      DataType datatype = DataType.valueOf(in.readUTF());
      long[] dimensions = new long[bounded(in.readInt(), MAX_RANK)];
      for (int d = 0; d < dimensions.length; d++) {
        dimensions[d] = in.readLong();
      }
      byte[] data = in.readNBytes(bounded(in.readInt(), bytes.length));
      ByteBuffer direct = ByteBuffer.allocateDirect(data.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(data)
          .flip();
      tensors.add(new Tensor(name, datatype, Shape.of(dimensions), direct));
    }
    return tensors;
  }

  private static int bounded(int count, int most) throws IOException {
    if (count < 0 || count > most) {
      throw new IOException("not a kept request");
    }
    return count;
  }
}
