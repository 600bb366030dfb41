package dev.slipway.systemtests.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Chromium and one cluster of two gateways for all browser tests: both take seconds to start. They end with the test run.
 */
final class Studio implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stage.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Studio.class))
        .computeIfAbsent(Stage.class, key -> Stage.open(), Stage.class);
  }

  private static final double PATIENCE_MS = 20_000;

  /** What the tests play on. */
  record Stage(Cluster cluster, Playwright playwright, Browser browser) implements AutoCloseable {

    static Stage open() {
      Path chromium = Chromium.executable();
      PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
      Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory().withServings(2));
      try {
        Playwright playwright = Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                .setExecutablePath(chromium)
                // The sandbox wants a user namespace, which root in a container has not.
                .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")));
        return new Stage(cluster, playwright, browser);
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    }

    /** Somebody at a browser of their own, signed in. */
    Visitor visitor(String name, Manner manner) {
      return new Visitor(
          browser.newContext(new Browser.NewContextOptions()
              .setBaseURL(cluster.registry().url().toString())
              .setReducedMotion(ReducedMotion.REDUCE)
              .setJavaScriptEnabled(manner.scripts())),
          name,
          manner);
    }

    @Override
    public void close() {
      try {
        playwright.close();
      } finally {
        cluster.close();
      }
    }
  }
}
