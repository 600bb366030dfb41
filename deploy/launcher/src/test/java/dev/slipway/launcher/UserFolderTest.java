package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserFolderTest {
  @Test
  void theFolderIsInTheHomeThatTheEnvironmentNames() {
    Map<String, String> environment = Map.of("HOME", "/home/dora");
    assertThat(UserFolder.CACHE.path(environment)).isEqualTo(Path.of("/home/dora/.cache/slipway"));
    assertThat(UserFolder.CONFIG.path(environment))
        .isEqualTo(Path.of("/home/dora/.config/slipway"));
    assertThat(UserFolder.DATA.path(environment))
        .isEqualTo(Path.of("/home/dora/.local/share/slipway"));
  }

  @Test
  void aVariableOfItsOwnGoesBefore() {
    assertThat(UserFolder.CONFIG.path(Map.of("HOME", "/home/dora", "XDG_CONFIG_HOME", "/etc/dora")))
        .isEqualTo(Path.of("/etc/dora/slipway"));
  }

  @Test
  void whatIsEmptyOrRelativeIsPassedOver() {
    for (String named : new String[] {"", "config"}) {
      assertThat(UserFolder.CONFIG.path(Map.of("HOME", "/home/dora", "XDG_CONFIG_HOME", named)))
          .isEqualTo(Path.of("/home/dora/.config/slipway"));
    }
  }

  @Test
  void withoutAnEnvironmentItIsTheSystemsHome() {
    assertThat(UserFolder.CACHE.path(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "slipway"));
  }
}
