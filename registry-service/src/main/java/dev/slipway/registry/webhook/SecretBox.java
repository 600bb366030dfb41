package dev.slipway.registry.webhook;

import dev.slipway.registry.problem.RegistryException.Unavailable;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/** Keeps secrets that must be used, not only compared: AES-256-GCM under the configured passphrase; as they are without one. */
@ApplicationScoped
class SecretBox {
  private static final Logger LOG = Logger.getLogger(SecretBox.class);
  private static final String SEALED = "gcm:";
  private static final String PLAIN = "plain:";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  SecretBox(WebhookConfig config) {
    this.key = config.secretKey().map(SecretBox::key).orElse(null);
  }

  String seal(String secret) {
    if (key == null) {
      LOG.warn("a webhook's secret is stored unencrypted: set slipway.webhooks.secret-key");
      return PLAIN + secret;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] text = run(Cipher.ENCRYPT_MODE, nonce, secret.getBytes(StandardCharsets.UTF_8), 0);
    byte[] sealed = new byte[nonce.length + text.length];
    System.arraycopy(nonce, 0, sealed, 0, nonce.length);
    System.arraycopy(text, 0, sealed, nonce.length, text.length);
    return SEALED + Base64.getEncoder().encodeToString(sealed);
  }

  /** @throws Unavailable when it was sealed under another key */
  String open(String stored) {
    if (stored.startsWith(PLAIN)) {
      return stored.substring(PLAIN.length());
    }
    if (key == null) {
      throw new Unavailable(
          "the webhook's secret is encrypted and slipway.webhooks.secret-key is not set", null);
    }
    byte[] sealed = Base64.getDecoder().decode(stored.substring(SEALED.length()));
    byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
    return new String(run(Cipher.DECRYPT_MODE, nonce, sealed, NONCE_BYTES), StandardCharsets.UTF_8);
  }

  private byte[] run(int mode, byte[] nonce, byte[] text, int offset) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(text, offset, text.length - offset);
    } catch (GeneralSecurityException otherKey) {
      throw new Unavailable(
          "the webhook's secret cannot be read with the present slipway.webhooks.secret-key: set the secret again",
          otherKey);
    }
  }

  private static SecretKeySpec key(String passphrase) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(passphrase.getBytes(StandardCharsets.UTF_8));
      return new SecretKeySpec(hash, "AES");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
    }
  }
}
