package dev.slipway.common.store;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waits for calls of the S3 client, repeats those that may be repeated, and turns its errors into ours. */
final class S3Calls {
  /** Waits between the attempts, in milliseconds; one attempt more than waits. */
  private static final long[] BACKOFF_MILLIS = {100, 400};

  private static final Set<String> MISSING =
      Set.of("NoSuchKey", "NoSuchObject", "NoSuchUpload", "ResourceNotFound");
  private static final Set<String> BAD_PARTS =
      Set.of("InvalidPart", "InvalidPartOrder", "EntityTooSmall");
  private static final Set<String> PASSING = Set.of(
      "SlowDown",
      "SlowDownRead",
      "SlowDownWrite",
      "InternalError",
      "ServiceUnavailable",
      "RequestTimeout");

  private S3Calls() {}

  /** Starts a call. */
  @FunctionalInterface
  interface Call<T> {
    CompletableFuture<T> start() throws MinioException;
  }

  /** The answer of a call that changes nothing by being made twice: tried three times while the store fails. */
  static <T> T repeatable(String key, Call<T> call) {
    for (long millis : BACKOFF_MILLIS) {
      try {
        return attempt(call);
      } catch (ExecutionException failure) {
        if (!mayPass(failure.getCause())) {
          throw translate(key, failure.getCause());
        }
        pause(key, millis);
      } catch (InterruptedException interrupt) {
        throw interrupted(key, interrupt);
      }
    }
    return once(key, call);
  }

  /** The answer of a call that is made once. */
  static <T> T once(String key, Call<T> call) {
    try {
      return attempt(call);
    } catch (ExecutionException failure) {
      throw translate(key, failure.getCause());
    } catch (InterruptedException interrupt) {
      throw interrupted(key, interrupt);
    }
  }

  /** Whether {@code failure} is the store's answer with this S3 error code. */
  static boolean hasCode(Throwable failure, String code) {
    return failure instanceof ErrorResponseException answer
        && answer.errorResponse().code().equals(code);
  }

  static ObjectStoreException translate(String key, Throwable failure) {
    if (failure instanceof ErrorResponseException answer) {
      String code = answer.errorResponse().code();
      if (MISSING.contains(code)) {
        return new ObjectStoreException.Missing(key);
      }
      if (BAD_PARTS.contains(code)) {
        return new ObjectStoreException.Mismatch(
            key, "the parts of '" + key + "' do not fit: " + code);
      }
      return new ObjectStoreException.Unreachable(
          key, "it answered " + code + ", " + answer.errorResponse().message(), failure);
    }
    return new ObjectStoreException.Unreachable(key, describe(failure), failure);
  }

  private static <T> T attempt(Call<T> call) throws ExecutionException, InterruptedException {
    CompletableFuture<T> answer;
    try {
      answer = call.start();
    } catch (MinioException e) {
      throw new ExecutionException(e);
    } catch (CompletionException e) {
      throw new ExecutionException(e.getCause());
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new ExecutionException(root(e.getCause()));
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  /** Unwraps completions, and the client's plain wrapper around an IOException. */
  private static Throwable root(Throwable failure) {
    boolean wrapper = failure instanceof CompletionException
        || (failure.getClass() == MinioException.class && failure.getCause() != null);
    return wrapper && failure.getCause() != null ? root(failure.getCause()) : failure;
  }

  private static boolean mayPass(Throwable failure) {
    return failure instanceof IOException
        || (failure instanceof ServerException server && server.statusCode() >= 500)
        || (failure instanceof ErrorResponseException answer
            && (PASSING.contains(answer.errorResponse().code())
                || answer.response().code() >= 500));
  }

  private static String describe(Throwable failure) {
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getClass().getSimpleName() + ", " + failure.getMessage();
  }

  private static void pause(String key, long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupt) {
      throw interrupted(key, interrupt);
    }
  }

  private static ObjectStoreException interrupted(String key, InterruptedException interrupt) {
    Thread.currentThread().interrupt();
    return new ObjectStoreException.Unreachable(key, "the call was interrupted", interrupt);
  }
}
