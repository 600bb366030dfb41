package dev.slipway.registry.web;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.release.Settings;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
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
  private final PolicyCards cards;
  private final Frame frame;

  PolicyPage(
      Policies policies, Settings settings, PolicyTexts texts, PolicyCards cards, Frame frame) {
    this.policies = policies;
    this.settings = settings;
    this.texts = texts;
    this.cards = cards;
    this.frame = frame;
  }

  @GET
  @Path("models/{model}/policy")
  public Response get(@PathParam("model") String model) {
    return frame.show(() -> page(model, null, null, null));
  }

  /** The form says what record it was filled from: when another is in force, nothing is done. */
  @POST
  @Path("models/{model}/policy")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response change(@PathParam("model") String model, MultivaluedMap<String, String> form) {
    var typed = PolicyTyped.of(form);
    return frame.act(
        form.getFirst("form_token"),
        () -> {
          PolicyRules rules = cards.rules(typed);
          PolicyCards.unchanged(
              () -> policies.change(frame.caller(), model, rules, PolicyTyped.seen(form)));
          return here(model);
        },
        notice -> page(model, typed.at(notice), typed, null));
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
        notice -> page(model, notice, null, null));
  }

  /** As {@link #change} of the settings. */
  @POST
  @Path("models/{model}/settings")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response set(@PathParam("model") String model, MultivaluedMap<String, String> form) {
    var typed = SettingsFields.typed(form);
    return frame.act(
        form.getFirst("form_token"),
        () -> {
          ServingSettings wanted = texts.settings(typed);
          PolicyCards.unchanged(
              () -> settings.put(frame.caller(), model, wanted, PolicyTyped.seen(form)));
          return here(model) + "#settings";
        },
        notice ->
            page(model, notice.at(typed.errors(), name -> name.replace('_', ' ')), null, typed));
  }

  private static String here(String model) {
    return Links.model(model) + "/policy";
  }

  private Face page(String model, Notice notice, PolicyTyped typed, SettingsFields wanted) {
    Policy policy = policies.inForce(model);
    Settings.Numbered served = settings.get(model);
    List<PastPolicy> past = policies.history(model);
    boolean own = policy.scope().equals("model");
    return new Face(
        Templates.policy(
            frame.shell(model + ": policy and settings", notice),
            new PolicyView(
                model,
                Links.model(model),
                own,
                own ? "" : Links.policy(policy),
                cards.of(policy, past, typed),
                texts.set(served.settings()),
                served.number(),
                (wanted == null ? texts.fields(served.settings()) : wanted).form(wanted != null),
                settingsObstacle(policy))),
        new PageJson.PolicyAndSettings(policy, served, past));
  }

  private String settingsObstacle(Policy policy) {
    Caller caller = frame.caller();
    return caller.isAnonymous() && !policy.rules().isOpen()
        ? "settings are changed by name: say who you are"
        : "";
  }
}
