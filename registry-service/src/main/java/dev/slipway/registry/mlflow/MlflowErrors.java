package dev.slipway.registry.mlflow;

import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.registry.db.NulText;
import dev.slipway.registry.db.Trouble;
import dev.slipway.registry.problem.CallerGone;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.search.SearchSyntaxException;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import org.jboss.logging.Logger;

/** The one place where conditions become MLflow's error codes. A caller's mistake is never a 5xx: clients retry those for minutes. */
@MlflowDialect
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
class MlflowErrors {
  private static final Logger LOG = Logger.getLogger(MlflowErrors.class);

  @AroundInvoke
  Object translate(InvocationContext call) throws Exception {
    try {
      return call.proceed();
    } catch (Exception failure) {
      throw of(failure);
    }
  }

  static MlflowException of(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      MlflowException known = known(cause);
      if (known != null) {
        return known;
      }
    }
    Trouble trouble = Trouble.of(failure).orElse(null);
    if (trouble != null) {
      String words = trouble.words();
      return unavailable(
          Character.toUpperCase(words.charAt(0)) + words.substring(1) + "; try again.", failure);
    }
    if (NulText.isBehind(failure)) {
      return MlflowException.invalid("Invalid request: " + NulText.WORDS + ".");
    }
    if (CallerGone.isBehind(failure)) {
      LOG.debug("the caller went away", failure);
    } else {
      LOG.error("request failed", failure);
    }
    return new MlflowException(ErrorCode.INTERNAL_ERROR, "The registry failed; its log says more.");
  }

  private static MlflowException known(Throwable failure) {
    return switch (failure) {
      case MlflowException ready -> ready;
      case RegistryException refused -> RegistryWords.of(refused, code(refused));
      case SearchSyntaxException wrong -> MlflowException.invalid(wrong.getMessage());
      case ObjectStoreException store -> store(store);
      default -> null;
    };
  }

  private static ErrorCode code(RegistryException refused) {
    return switch (refused) {
      case RegistryException.NotFound _ -> ErrorCode.RESOURCE_DOES_NOT_EXIST;
      case RegistryException.AlreadyExists _ -> ErrorCode.RESOURCE_ALREADY_EXISTS;
      case RegistryException.Conflict _, RegistryException.PreconditionFailed _ ->
        ErrorCode.RESOURCE_CONFLICT;
      case RegistryException.Invalid _,
          RegistryException.Unprocessable _,
          RegistryException.TooLarge _ -> ErrorCode.INVALID_PARAMETER_VALUE;
      case RegistryException.Forbidden _ -> ErrorCode.PERMISSION_DENIED;
      case RegistryException.Unauthenticated _ -> ErrorCode.UNAUTHENTICATED;
      case RegistryException.Unavailable _ -> ErrorCode.TEMPORARILY_UNAVAILABLE;
    };
  }

  private static MlflowException store(ObjectStoreException failure) {
    return switch (failure) {
      case ObjectStoreException.Unreachable away ->
        unavailable("The object store cannot be reached; try again.", away);
      case ObjectStoreException.SourceFailed _ ->
        new MlflowException(
            ErrorCode.BAD_REQUEST, "The body broke off before its end; nothing was stored.");
      case ObjectStoreException.Mismatch mismatch ->
        new MlflowException(ErrorCode.BAD_REQUEST, mismatch.getMessage());
      case ObjectStoreException.Missing _ ->
        new MlflowException(
            ErrorCode.INTERNAL_ERROR, "The store has lost an object that the registry knows.");
    };
  }

  private static MlflowException unavailable(String message, Throwable cause) {
    LOG.warnf("%s (%s)", message, cause.getMessage());
    return new MlflowException(ErrorCode.TEMPORARILY_UNAVAILABLE, message);
  }
}
