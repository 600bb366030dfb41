package dev.slipway.launcher.user;

import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import dev.slipway.launcher.client.Profile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "login",
    description =
        "Store where the registry is and who you are. A token comes from a file or from SLIPWAY_TOKEN, never from the command line.",
    mixinStandardHelpOptions = true)
public final class LoginCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The registry. Default: the one that is stored, or the local stack's.")
  private String registry;

  @Option(names = "--serving", paramLabel = "URL", description = "The gateway that predict calls.")
  private String serving;

  @Option(names = "--as", paramLabel = "NAME", description = "Who you are.")
  private String user;

  @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the token.")
  private Path token;

  @Override
  public Integer call() {
    String secret = token == null ? Profile.environment().token() : Profile.read(token);
    Profile before = (registry == null ? Profile.stored() : Profile.stored().at(registry)).as(user);
    Profile wanted = new Profile(registry, serving, user, secret).or(before);
    if (wanted.user() == null && wanted.token() == null) {
      throw CommandFailure.usage("who are you? --as NAME, --token-file FILE, or SLIPWAY_TOKEN");
    }
    String home = wanted.or(Profile.ofUser()).registry();
    if (wanted.token() != null) {
      // A token is for one registry, and not for whichever is the usual one later.
      wanted = new Profile(home, null, null, null).or(wanted);
    }
    String name =
        new Api(home, wanted, call -> {}).get("/api/v1/me").path("name").asText();
    Path stored = wanted.store();
    System.out.println("you are " + name + " at " + home + " (" + stored + ")");
    return 0;
  }
}
