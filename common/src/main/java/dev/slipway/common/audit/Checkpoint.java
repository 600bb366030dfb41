package dev.slipway.common.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * A signed statement that the chain up to and with entry {@code sequence} ended in {@code hash}.
 *
 * @param keyId the first 12 hex digits of the SHA-256 of the public key (X.509 DER), to be pinned by whoever verifies
 * @param publicKey X.509 DER in base64
 * @param signature Ed25519 (RFC 8032) over the canonical form (RFC 8785) of the other fields but {@code publicKey}, in base64
 */
public record Checkpoint(
    long sequence, Digest hash, Instant at, String keyId, String publicKey, String signature) {
  private static final String ALGORITHM = "Ed25519";
  private static final ObjectMapper JSON = WireJson.mapper();

  /** What is signed. */
  private record Statement(long sequence, Digest hash, Instant at, String keyId) {}

  /** Signs. */
  public static Checkpoint sign(
      long sequence, Digest hash, Instant at, PrivateKey key, PublicKey publicKey) {
    String keyId = Digest.of(publicKey.getEncoded()).shortHex();
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(statement(new Statement(sequence, hash, at, keyId)));
      Base64.Encoder base64 = Base64.getEncoder();
      return new Checkpoint(
          sequence,
          hash,
          at,
          keyId,
          base64.encodeToString(publicKey.getEncoded()),
          base64.encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checkpoint could not be signed", e);
    }
  }

  /** Whether the signature is that of the key, and the key that of {@code keyId}. */
  public boolean isGenuine() {
    try {
      byte[] encoded = Base64.getDecoder().decode(publicKey);
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(statement(new Statement(sequence, hash, at, keyId)));
      return Digest.of(encoded).shortHex().equals(keyId)
          && verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] statement(Statement statement) {
    return AuditChain.canonical(JSON.valueToTree(statement));
  }
}
