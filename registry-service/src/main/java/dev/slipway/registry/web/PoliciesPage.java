package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyGroup;
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

/** The policies of models that have none of their own: the server's, and those of groups. */
@Path("/policies")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class PoliciesPage {
  private final Policies policies;
  private final PolicyCards cards;
  private final Frame frame;

  PoliciesPage(Policies policies, PolicyCards cards, Frame frame) {
    this.policies = policies;
    this.cards = cards;
    this.frame = frame;
  }

  @GET
  public Response get() {
    return frame.show(() -> page(null, null));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response change(MultivaluedMap<String, String> form) {
    var typed = PolicyTyped.of(form);
    return frame.act(
        form.getFirst("form_token"),
        () -> {
          PolicyRules rules = cards.rules(typed);
          PolicyCards.unchanged(
              () -> policies.change(frame.caller(), null, rules, PolicyTyped.seen(form)));
          return "/policies";
        },
        notice -> page(typed.at(notice), typed));
  }

  @GET
  @Path("new-group")
  public Response newGroup() {
    return frame.show(() -> fresh(null, null));
  }

  @POST
  @Path("new-group")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response addGroup(MultivaluedMap<String, String> form) {
    var typed = PolicyTyped.of(form);
    return frame.act(
        form.getFirst("form_token"),
        () -> put(null, typed, form),
        notice -> fresh(typed.at(notice), typed));
  }

  @GET
  @Path("groups/{name}")
  public Response group(@PathParam("name") String name) {
    return frame.show(() -> group(name, null, null));
  }

  @POST
  @Path("groups/{name}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response changeGroup(@PathParam("name") String name, MultivaluedMap<String, String> form) {
    var typed = PolicyTyped.of(form);
    return frame.act(
        form.getFirst("form_token"),
        () -> put(name, typed, form),
        notice -> group(name, typed.at(notice), typed));
  }

  @POST
  @Path("groups/{name}/withdraw")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response withdraw(@PathParam("name") String name, @FormParam("form_token") String token) {
    return frame.act(
        token,
        () -> {
          policies.withdrawGroup(frame.caller(), name);
          return "/policies";
        },
        notice -> group(name, notice, null));
  }

  /** @param known the group's name; null where the form names it */
  private String put(String known, PolicyTyped typed, MultivaluedMap<String, String> form) {
    PolicyRules rules = typed.fields().rules();
    PolicyGroup group = typed.fields().group(known);
    if (known == null && group != null && isTaken(group.name())) {
      typed
          .fields()
          .errors()
          .put(PolicyFields.GROUP, "There is a group of that name: choose another");
    }
    PolicyCards.requireUnderstood(typed);
    PolicyCards.unchanged(
        () -> policies.changeGroup(frame.caller(), group, rules, PolicyTyped.seen(form)));
    return Links.policyOfGroup(group.name());
  }

  private boolean isTaken(String group) {
    return policies.groups().stream().anyMatch(it -> it.group().name().equals(group));
  }

  private Face page(Notice notice, PolicyTyped typed) {
    Policy server = policies.server();
    List<PastPolicy> past = policies.history(null);
    List<Policy> groups = policies.groups();
    return new Face(
        Templates.policies(
            frame.shell("Policies", notice),
            new PoliciesView(
                cards.of(server, past, typed),
                groups.stream().map(PoliciesPage::line).toList())),
        new PageJson.Policies(server, past, groups));
  }

  private Face fresh(Notice notice, PolicyTyped typed) {
    Policy server = policies.server();
    return new Face(
        Templates.policygroup(
            frame.shell("New group", notice), cards.ofGroup(null, server, List.of(), typed)),
        new PageJson.PolicyOfGroup(server, List.of()));
  }

  private Face group(String name, Notice notice, PolicyTyped typed) {
    Policy policy = policies.group(name);
    List<PastPolicy> past = policies.groupHistory(name);
    return new Face(
        Templates.policygroup(
            frame.shell("Group " + name + ": policy", notice),
            cards.ofGroup(policy.group(), policy, past, typed)),
        new PageJson.PolicyOfGroup(policy, past));
  }

  private static PoliciesView.OfGroup line(Policy policy) {
    return new PoliciesView.OfGroup(
        policy.group().name(),
        Links.policy(policy),
        policy.group().why(),
        PolicyWords.line(policy.rules()));
  }
}
