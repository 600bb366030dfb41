package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import java.util.Map;

/** One check: a bean of this type is all that a new one takes, beside its executor in the gateway where it needs the model. */
interface EvidenceCheck {

  /** As it stands on requests, and as policies name it. */
  String name();

  /** Whether its finding is about another version than the one asked for, and so is stale when another becomes live. */
  default boolean comparesWithLive() {
    return false;
  }

  /** Whether its finding is about texts that people may change while a request is open. */
  default boolean readsTexts() {
    return false;
  }

  /** Looks at what is known now. Called again when something new may be known. */
  Step examine(Subject subject);

  /** What comes of a look. */
  sealed interface Step {}

  /** It is done. */
  record Found(Finding finding) implements Step {}

  /** What it needs is not known yet. */
  record Waiting() implements Step {}

  /** A gateway has to run the model. */
  record AskGateway(Map<String, String> parameters) implements Step {}
}
