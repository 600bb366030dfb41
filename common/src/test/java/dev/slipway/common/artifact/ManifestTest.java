package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.common.artifact.Manifest.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ManifestTest {
  private static final Digest A = Digest.of("a".getBytes(StandardCharsets.UTF_8));
  private static final Digest B = Digest.of("b".getBytes(StandardCharsets.UTF_8));

  @Provide
  Arbitrary<List<Entry>> files() {
    var names = Arbitraries.strings().withChars("ab 1é").ofMinLength(1).ofMaxLength(4);
    var entry = Combinators.combine(
            names, Arbitraries.longs().between(0, 1000), Arbitraries.of(A, B))
        .as((name, size, digest) -> new Entry(new ArtifactPath(name), size, digest));
    return entry.list().ofMinSize(1).ofMaxSize(5).uniqueElements(Entry::path);
  }

  @Property
  void digestDoesNotDependOnTheOrderOfTheFiles(
      @ForAll("files") List<Entry> files, @ForAll Random random) {
    var shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, random);

    assertThat(new Manifest(shuffled)).isEqualTo(new Manifest(files));
    assertThat(new Manifest(shuffled).digest()).isEqualTo(new Manifest(files).digest());
  }

  @Property
  void manifestsHaveOneDigestOnlyIfTheyAreEqual(
      @ForAll("files") List<Entry> left, @ForAll("files") List<Entry> right) {
    var first = new Manifest(left);
    var second = new Manifest(right);

    assertThat(first.digest().equals(second.digest())).isEqualTo(first.equals(second));
  }

  @Example
  void canonicalFormIsDigestSizeAndPathALine() {
    var manifest = new Manifest(List.of(entry("b/model.onnx", 12, B), entry("MLmodel", 3, A)));

    String canonical = A + " 3 MLmodel\n" + B + " 12 b/model.onnx\n";
    assertThat(manifest.digest()).isEqualTo(Digest.of(canonical.getBytes(StandardCharsets.UTF_8)));
    assertThat(manifest.digest().hex())
        .isEqualTo("711b4e62babd420fb75c08294991486fb8c53d3f685239ab5b6f402e5c5ae8aa");
    assertThat(manifest.totalSize()).isEqualTo(15);
  }

  @Example
  void pathTwiceOrFileThatIsAFolderIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest(List.of(entry("a", 1, A), entry("a", 2, B))))
        .withMessageContaining("'a' stands twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest(List.of(entry("a/b/c", 1, A), entry("a", 2, B))))
        .withMessageContaining("'a' is both");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest(List.of(entry("a/b", 1, A), entry("a/b/c", 2, B))));
    assertThat(new Manifest(List.of(entry("a/b", 1, A), entry("ab", 2, B))).files())
        .hasSize(2);
  }

  @Example
  void emptyManifestAndNegativeSizeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Manifest(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new Manifest(null));
    assertThatIllegalArgumentException().isThrownBy(() -> entry("a", -1, A));
  }

  private static Entry entry(String path, long size, Digest digest) {
    return new Entry(new ArtifactPath(path), size, digest);
  }
}
