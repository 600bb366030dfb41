package dev.slipway.registry.web;

import static io.restassured.RestAssured.given;

import io.restassured.filter.cookie.CookieFilter;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts: it keeps cookies, reads pages, and sends the forms on them. */
final class Browser {
  private static final Pattern TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([0-9a-f]{64})\"");

  private final CookieFilter cookies = new CookieFilter();
  private String token = "";

  static Browser as(String name) {
    var browser = new Browser();
    browser.get("/sign-in");
    browser.post("/sign-in", Map.of("name", name)).then().statusCode(303);
    return browser;
  }

  Response get(String path) {
    return seen(request().get(path));
  }

  /** Sends a form, with the token of the last page, and does not follow where it leads. */
  Response post(String path, Map<String, ?> form) {
    return seen(request()
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .formParam("form_token", token)
        .formParams(form)
        .post(path));
  }

  /** The last page's cookies and nothing else that proves anything. */
  RequestSpecification request() {
    return given().filter(cookies).urlEncodingEnabled(true).redirects().follow(false);
  }

  String token() {
    return token;
  }

  private Response seen(Response answer) {
    Matcher form = TOKEN.matcher(answer.asString());
    if (form.find()) {
      token = form.group(1);
    }
    return answer;
  }
}
