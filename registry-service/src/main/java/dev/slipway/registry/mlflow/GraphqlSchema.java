package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.FieldWiringEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.WiringFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The schema, over messages as the REST calls write them. What is unset there reads as protobuf's default, as in MLflow; errors are
 * told in the answer's own list, so {@code apiError} is always null.
 */
final class GraphqlSchema {
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  private GraphqlSchema() {}

  static GraphQLSchema of(GraphqlReads reads) {
    try (InputStream schema = GraphqlSchema.class.getResourceAsStream("/mlflow/schema.graphqls")) {
      return new SchemaGenerator()
          .makeExecutableSchema(
              new SchemaParser().parse(schema),
              RuntimeWiring.newRuntimeWiring()
                  .scalar(GraphQLScalarType.newScalar()
                      .name("LongString")
                      .coercing(new LongString())
                      .build())
                  .type("Query", type -> type.dataFetchers(plain(reads.queries())))
                  .type("Mutation", type -> type.dataFetchers(plain(reads.mutations())))
                  .type("MlflowRunExtension", type -> type.dataFetchers(plain(reads.ofRuns())))
                  .wiringFactory(new OfMessages())
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The wire name of a field: {@code run_id} for {@code runId}. */
  static String wire(String field) {
    return CAPITAL
        .matcher(field)
        .replaceAll(letter -> '_' + letter.group().toLowerCase(Locale.ROOT));
  }

  @SuppressWarnings("rawtypes")
  private static Map<String, DataFetcher> plain(Map<String, DataFetcher<?>> fetchers) {
    return Map.copyOf(fetchers);
  }

  /** Fields that nothing else reads are those of the message. */
  private static final class OfMessages implements WiringFactory {
    @Override
    public DataFetcher<?> getDefaultDataFetcher(FieldWiringEnvironment field) {
      return GraphqlSchema::field;
    }
  }

  private static Object field(DataFetchingEnvironment asked) {
    String name = asked.getField().getName();
    Object source = asked.getSource();
    return switch (source) {
      case JsonNode message -> value(message.path(wire(name)), asked.getFieldType());
      case Map<?, ?> own -> own.get(name);
      case null, default -> null;
    };
  }

  private static Object value(JsonNode value, GraphQLType wanted) {
    GraphQLType type = GraphQLTypeUtil.unwrapNonNull(wanted);
    if (type instanceof GraphQLList list) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(element -> value(element, list.getWrappedType()))
          .toList();
    }
    String name = ((GraphQLNamedType) type).getName();
    if (type instanceof GraphQLObjectType) {
      return name.equals("ApiError")
          ? null
          : value instanceof ObjectNode ? value : MissingNode.getInstance();
    }
    return switch (name) {
      case "String" -> value.asText("");
      case "Boolean" -> value.asBoolean();
      case "Int", "LongString" -> value.asLong();
      // GraphQL's numbers are JSON's: there is no NaN.
      case "Float" ->
        value.isMissingNode() || Double.isFinite(value.asDouble(Double.NaN))
            ? value.asDouble()
            : null;
      default -> value.isMissingNode() ? null : value.asText();
    };
  }

  private static final class LongString implements Coercing<Long, String> {
    @Override
    public String serialize(Object value, GraphQLContext context, Locale locale) {
      return value.toString();
    }

    @Override
    public Long parseValue(Object input, GraphQLContext context, Locale locale) {
      try {
        return Long.valueOf(input.toString());
      } catch (NumberFormatException notANumber) {
        throw new CoercingParseValueException("'" + input + "' is no whole number");
      }
    }

    @Override
    public Long parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      if (input instanceof IntValue number) {
        return number.getValue().longValue();
      }
      throw new CoercingParseLiteralException("a whole number is written in digits");
    }
  }
}
