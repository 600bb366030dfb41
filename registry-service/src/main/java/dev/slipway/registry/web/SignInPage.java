package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.NameCookie;
import dev.slipway.registry.access.Principal;
import dev.slipway.registry.access.Principals;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.problem.RegistryException.Invalid;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;

/** Choosing a name. It is not proved: until authentication is switched on, a caller is who it says. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class SignInPage {
  private final Principals principals;
  private final Frame frame;

  SignInPage(Principals principals, Frame frame) {
    this.principals = principals;
    this.frame = frame;
  }

  @GET
  @Path("sign-in")
  public Response get(@QueryParam("next") String next) {
    return frame.show(() -> page(Links.local(next), null));
  }

  @POST
  @Path("sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response signIn(
      @FormParam("form_token") String token,
      @FormParam("name") String name,
      @FormParam("next") String next) {
    return frame.act(
        token,
        () -> {
          if (name == null || name.isBlank() || name.length() > Caller.LONGEST_NAME) {
            throw new Invalid("a name has 1 to " + Caller.LONGEST_NAME + " characters");
          }
          frame.keep(cookie(NameCookie.write(name.trim()), NewCookie.DEFAULT_MAX_AGE));
          return Links.local(next);
        },
        notice -> page(Links.local(next), notice));
  }

  @POST
  @Path("sign-out")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response signOut(@FormParam("form_token") String token) {
    return frame.act(
        token,
        () -> {
          frame.keep(cookie("", 0));
          return "/";
        },
        notice -> page("/", notice));
  }

  private Face page(String next, Notice notice) {
    List<Principal> known = principals.list().stream()
        .filter(it -> !Caller.ANONYMOUS.equals(it.name()))
        .toList();
    return new Face(
        Templates.signin(
            frame.shell("Sign in", notice),
            new SignInView(
                next,
                known.stream()
                    .map(it -> new SignInView.Known(
                        it.name(),
                        it.roles().stream()
                            .map(Role::label)
                            .sorted()
                            .collect(Collectors.joining(", "))))
                    .toList())),
        new PageJson.SignIn(known));
  }

  private static NewCookie cookie(String value, int maxAge) {
    return new NewCookie.Builder(NameCookie.NAME)
        .value(value)
        .path("/")
        .httpOnly(true)
        .sameSite(NewCookie.SameSite.LAX)
        .maxAge(maxAge)
        .build();
  }
}
