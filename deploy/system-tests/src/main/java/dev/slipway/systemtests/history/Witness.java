package dev.slipway.systemtests.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order that the registry itself claims: its audit log. Every deed writes its entries in its own transaction under the model's
 * lock, with the id of the call that did it.
 */
final class Witness {
  private static final Pattern REQUEST = Pattern.compile("model/[^/]+/request/(\\d+)");

  private Witness() {}

  /** One deed: its call's id, and the request that it opened or is about (0 for none). */
  record Deed(String call, long request) {}

  /**
   * The deeds on one model in their order.
   *
   * @param faults gets a line where the entries of two deeds are mixed
   */
  static List<Deed> of(Connection connection, String model, List<String> faults)
      throws SQLException {
    Map<String, Long> deeds = new LinkedHashMap<>();
    String last = null;
    try (PreparedStatement statement = connection.prepareStatement("""
        select request_id, object from audit_entry
         where (object = ? or object like ?) and request_id like 'history-%' order by sequence
        """)) {
      statement.setString(1, "model/" + model);
      statement.setString(2, "model/" + model + "/%");
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String call = rows.getString(1);
          if (deeds.containsKey(call) && !call.equals(last)) {
            faults.add("the deeds of " + call + " and " + last + " on " + model + " are mixed");
          }
          Matcher request = REQUEST.matcher(rows.getString(2));
          long about = request.matches() ? Long.parseLong(request.group(1)) : 0;
          deeds.merge(call, about, Math::max);
          last = call;
        }
      }
    }
    List<Deed> ordered = new ArrayList<>();
    deeds.forEach((call, request) -> ordered.add(new Deed(call, request)));
    return ordered;
  }
}
