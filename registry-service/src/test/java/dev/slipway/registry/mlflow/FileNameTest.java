package dev.slipway.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
  @ParameterizedTest
  @CsvSource({
    "MLmodel, text/plain",
    "mlproject, text/plain",
    "conda.yaml, text/plain",
    "table.json, text/plain",
    "run.py, text/plain",
    "plot.png, image/png",
    "page.html, text/html",
    "model.pkl, application/octet-stream",
    "LICENSE, application/octet-stream",
  })
  void theTypeIsWhatMlflowTakesTheNameFor(String name, String type) {
    assertThat(new FileName(name).mediaType()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.txt | attachment; filename=a.txt",
        "dog+step+20.png | attachment; filename=dog+step+20.png",
        "two words.txt | attachment; filename=\"two words.txt\"",
        "a\"b.txt | attachment; filename=\"a\\\"b.txt\"",
        "Grüße.txt | attachment; filename=\"Grue.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt",
        "日本 | attachment; filename=\"download\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC",
      })
  void theNameReachesTheClientWhateverItsLetters(String name, String header) {
    assertThat(new FileName(name).attachment()).isEqualTo(header);
  }
}
