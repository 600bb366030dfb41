package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import dev.slipway.registry.release.Settings;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** How a model is reviewed and served, and the forms that change it. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class PolicyPage {
  private final Policies policies;
  private final Settings settings;
  private final PolicyTexts texts;
  private final Frame frame;

  PolicyPage(Policies policies, Settings settings, PolicyTexts texts, Frame frame) {
    this.policies = policies;
    this.settings = settings;
    this.texts = texts;
    this.frame = frame;
  }

  /** What somebody typed and was refused; null where it is as stored. */
  private record Typed(String policy, String settings) {
    static final Typed NOTHING = new Typed(null, null);
  }

  @GET
  @Path("models/{model}/policy")
  public Response get(@PathParam("model") String model) {
    return frame.show(() -> page(model, null, Typed.NOTHING));
  }

  /** @param seen the record that the form was filled from: when another is in force, nothing is done */
  @POST
  @Path("models/{model}/policy")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response change(
      @PathParam("model") String model,
      @FormParam("form_token") String token,
      @FormParam("seen") Long seen,
      @FormParam("rules") @DefaultValue("") String rules) {
    return frame.act(
        token,
        () -> {
          unchanged(() -> policies.change(frame.caller(), model, texts.rules(rules), seen));
          return here(model);
        },
        notice -> page(model, notice, new Typed(rules, null)));
  }

  @POST
  @Path("models/{model}/policy/withdraw")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response withdraw(
      @PathParam("model") String model, @FormParam("form_token") String token) {
    return frame.act(
        token,
        () -> {
          policies.withdraw(frame.caller(), model);
          return here(model);
        },
        notice -> page(model, notice, Typed.NOTHING));
  }

  /** @param seen as for {@link #change} */
  @POST
  @Path("models/{model}/settings")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response set(
      @PathParam("model") String model,
      @FormParam("form_token") String token,
      @FormParam("seen") Long seen,
      @FormParam("settings") @DefaultValue("") String wanted) {
    return frame.act(
        token,
        () -> {
          unchanged(() -> settings.put(frame.caller(), model, texts.settings(wanted), seen));
          return here(model) + "#settings";
        },
        notice -> page(model, notice, new Typed(null, wanted)));
  }

  private static String here(String model) {
    return Links.model(model) + "/policy";
  }

  /** A form that is out of date is a conflict to people: the page shows what is in force now, and what they typed. */
  private static void unchanged(Runnable deed) {
    try {
      deed.run();
    } catch (PreconditionFailed other) {
      throw new Conflict(
          "changed-meanwhile",
          other.getMessage()
              + ". It is shown below as it is now; what you typed is still in the form, and sending it again replaces this");
    }
  }

  private Face page(String model, Notice notice, Typed typed) {
    Policy policy = policies.inForce(model);
    Settings.Numbered served = settings.get(model);
    List<PastPolicy> past = policies.history(model);
    return new Face(
        Templates.policy(
            frame.shell(model + ": policy and settings", notice),
            new PolicyView(
                model,
                Links.model(model),
                policy.why(),
                policy.scope().equals("model"),
                policy.number(),
                policy.createdBy(),
                frame.moment(policy.createdAt()),
                PolicyWords.of(policy.rules()),
                policy.id(),
                typed.policy() == null ? texts.text(policy.rules()) : typed.policy(),
                obstacle(policy),
                texts.set(served.settings()),
                served.number(),
                typed.settings() == null ? texts.text(served.settings()) : typed.settings(),
                settingsObstacle(policy),
                past.stream().map(this::past).toList())),
        new PageJson.PolicyAndSettings(policy, served, past));
  }

  private PolicyView.Past past(PastPolicy it) {
    return new PolicyView.Past(
        it.policy().number(),
        it.withdrawn(),
        PolicyWords.line(it.policy().rules()),
        it.policy().createdBy(),
        frame.moment(it.policy().createdAt()));
  }

  private String obstacle(Policy policy) {
    boolean guarded = !policy.rules().isOpen() || !policies.server().rules().isOpen();
    return guarded && !frame.caller().has(Role.ADMIN) ? "only an admin changes a policy" : "";
  }

  private String settingsObstacle(Policy policy) {
    Caller caller = frame.caller();
    return caller.isAnonymous() && !policy.rules().isOpen()
        ? "settings are changed by name: say who you are"
        : "";
  }
}
