package dev.slipway.registry.web;

import dev.slipway.registry.review.Policy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of the pages. */
final class Links {
  private Links() {}

  static String model(String model) {
    return "/models/" + segment(model);
  }

  static String version(String model, int version) {
    return model(model) + "/versions/" + version;
  }

  static String request(long id) {
    return "/requests/" + id;
  }

  static String experiment(long id) {
    return "/experiments/" + id;
  }

  static String run(String id) {
    return "/runs/" + segment(id);
  }

  /** Where a group's or the server's policy is changed. */
  static String policy(Policy policy) {
    return policy.group() == null ? "/policies" : policyOfGroup(policy.group().name());
  }

  static String policyOfGroup(String name) {
    return "/policies/groups/" + segment(name);
  }

  /** A segment of a path, or a value of a query. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** {@code url} where it leads to a page of this server or over http to another one, else empty: no script, no file. */
  static String web(String url) {
    boolean leads = url != null
        && (url.startsWith("https://") || url.startsWith("http://") || url.equals(local(url)));
    return leads ? url : "";
  }

  /** {@code wanted} where it is a page of this server, else the first page: nobody is sent elsewhere. */
  static String local(String wanted) {
    boolean ours = wanted != null
        && wanted.startsWith("/")
        && !wanted.startsWith("//")
        && wanted.indexOf('\\') < 0
        && wanted.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return ours ? wanted : "/";
  }
}
