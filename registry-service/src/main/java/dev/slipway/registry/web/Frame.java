package dev.slipway.registry.web;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.watch.Topic;
import dev.slipway.registry.watch.Watch;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is the same for every page: its headers, who it is for, refusals as pages, and the check that a form is ours. A form is
 * ours when the browser does not say that it comes from another site, and it holds the token of the browser's own cookie
 * (double submit).
 */
@RequestScoped
class Frame {
  private static final String TOKEN_COOKIE = "slipway-form";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Callers callers;
  private final Clock clock;
  private final HttpHeaders headers;
  private final UriInfo uri;
  private final Request request;
  private final Watch watch;
  private String freshToken;
  private NewCookie kept;

  Frame(
      Callers callers,
      Clock clock,
      HttpHeaders headers,
      UriInfo uri,
      Request request,
      Watch watch) {
    this.callers = callers;
    this.clock = clock;
    this.headers = headers;
    this.uri = uri;
    this.request = request;
    this.watch = watch;
  }

  Caller caller() {
    return callers.current();
  }

  Moment moment(Instant at) {
    return Moment.of(at, clock.instant());
  }

  /** The address that the caller reached this server by, for commands to copy. */
  String base() {
    String base = uri.getBaseUri().toString();
    return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** Where later changes of {@code topic} than the present ones are announced. Ask before reading what the page shows. */
  String events(Topic topic) {
    return "GET".equals(request.getMethod()) && !prefersJson()
        ? "/events?topic=" + Links.segment(topic.text()) + "&since=" + watch.stamp(topic)
        : "";
  }

  Shell shell(String title, Notice notice) {
    return shell(title, notice, "");
  }

  /** @param events as {@link #events} gave it */
  Shell shell(String title, Notice notice, String events) {
    URI here = uri.getRequestUri();
    String address = "GET".equals(request.getMethod())
        ? here.getRawPath() + (here.getRawQuery() == null ? "" : "?" + here.getRawQuery())
        : "/";
    Caller caller = caller();
    return new Shell(
        title,
        caller.name(),
        caller.isAnonymous(),
        token(),
        Links.segment(address),
        here.getRawPath().replaceFirst("^/([^/]*).*", "$1"),
        events,
        notice);
  }

  /**
   * A page, or its data as JSON if the caller would rather have that; when it is refused, a page that says so, or the problem as
   * the API says it.
   */
  Response show(Supplier<Face> page) {
    if (prefersJson()) {
      return json(page.get());
    }
    try {
      return html(200, page.get().page().render());
    } catch (RuntimeException failure) {
      return refusal(Problem.of(failure));
    }
  }

  /** The page of a comparison. */
  Face compared(Comparison view) {
    return new Face(
        Templates.compare(shell(view.title(), null), view),
        new PageJson.Compared(
            view.title(), view.sides(), view.rows(), view.same(), PageJson.text(view.next())));
  }

  /**
   * A page; when it is refused, {@code afresh} with the refusal above it.
   *
   * @param afresh the page as far as it goes, with the form to put right
   */
  Response show(Supplier<Face> page, Function<Notice, Face> afresh) {
    if (prefersJson()) {
      return json(page.get());
    }
    Problem problem;
    try {
      return html(200, page.get().page().render());
    } catch (RuntimeException failure) {
      problem = Problem.of(failure);
    }
    return afresh(problem, afresh);
  }

  /**
   * Does what a form asks for.
   *
   * @param token that the form sent
   * @param deed answers where to go next
   * @param afresh the page that the form is on, as things stand now, with the refusal above it
   */
  Response act(String token, Supplier<String> deed, Function<Notice, Face> afresh) {
    Problem problem;
    try {
      requireOwnForm(token);
      return seeOther(deed.get());
    } catch (RuntimeException failure) {
      problem = Problem.of(failure);
    }
    return afresh(problem, afresh);
  }

  /**
   * Shows what a form asks for; nothing is changed by it.
   *
   * @param afresh as in {@link #act}
   */
  Response answer(String token, Supplier<Face> page, Function<Notice, Face> afresh) {
    Problem problem;
    try {
      requireOwnForm(token);
      return html(200, page.get().page().render());
    } catch (RuntimeException failure) {
      problem = Problem.of(failure);
    }
    return afresh(problem, afresh);
  }

  private Response afresh(Problem problem, Function<Notice, Face> afresh) {
    try {
      return html(problem.status(), afresh.apply(problem.notice()).page().render());
    } catch (RuntimeException noPage) {
      return refusal(Problem.of(noPage));
    }
  }

  /** @throws Forbidden when the form that was sent is not of one of our pages */
  void requireOwnForm(String given) {
    Cookie cookie = headers.getCookies().get(TOKEN_COOKIE);
    boolean ours = cookie != null
        && given != null
        && MessageDigest.isEqual(
            cookie.getValue().getBytes(StandardCharsets.UTF_8),
            given.getBytes(StandardCharsets.UTF_8));
    if (!ours || comesFromElsewhere()) {
      throw new Forbidden(
          "foreign-form",
          "nothing was done: the form did not come from this site, or its page is too old."
              + " Look at the page as it is now and send it again");
    }
  }

  /** Sends a cookie along when the present deed succeeds. */
  void keep(NewCookie cookie) {
    kept = cookie;
  }

  private Response seeOther(String address) {
    Response.ResponseBuilder answer = Response.status(Response.Status.SEE_OTHER)
        .header(HttpHeaders.LOCATION, address)
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
    return (kept == null ? answer : answer.cookie(kept)).build();
  }

  private boolean comesFromElsewhere() {
    String site = headers.getHeaderString("Sec-Fetch-Site");
    String origin = headers.getHeaderString("Origin");
    boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
    // The scheme may be another behind something that ends TLS; the authority is ours all the same.
    boolean foreignOrigin =
        origin != null && !origin.endsWith("://" + uri.getRequestUri().getRawAuthority());
    return foreignSite || foreignOrigin;
  }

  private Response refusal(Problem problem) {
    return html(
        problem.status(),
        Templates.refused(
                shell(problem.notice().title(), problem.notice()),
                new ErrorView(problem.advice(), caller().requestId()))
            .render());
  }

  /** Who takes both alike, as programs that say nothing do, is shown the page. */
  private boolean prefersJson() {
    for (MediaType wanted : headers.getAcceptableMediaTypes()) {
      if (wanted.isCompatible(MediaType.TEXT_HTML_TYPE)) {
        return false;
      }
      if (wanted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
        return true;
      }
    }
    return false;
  }

  private static Response json(Face face) {
    return Response.ok(face.data(), MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .header("X-Content-Type-Options", "nosniff")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .build();
  }

  private Response html(int status, String page) {
    Response.ResponseBuilder answer =
        Response.status(status).type(PageHeaders.TYPE).entity(page);
    PageHeaders.ALL.forEach(answer::header);
    if (freshToken != null) {
      answer.cookie(new NewCookie.Builder(TOKEN_COOKIE)
          .value(freshToken)
          .path("/")
          .httpOnly(true)
          .sameSite(NewCookie.SameSite.LAX)
          .build());
    }
    return answer.build();
  }

  private String token() {
    Cookie cookie = headers.getCookies().get(TOKEN_COOKIE);
    if (cookie != null && cookie.getValue().matches("[0-9a-f]{64}")) {
      return cookie.getValue();
    }
    if (freshToken == null) {
      byte[] random = new byte[32];
      RANDOM.nextBytes(random);
      freshToken = HexFormat.of().formatHex(random);
    }
    return freshToken;
  }
}
