package dev.slipway.serving.engine.tensorflow;

import ai.djl.Device;
import ai.djl.Model;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** SavedModels, by TensorFlow on the processor where the add-on is packaged. */
@ApplicationScoped
public class SavedModelEngine implements Engine {
  /** What the libraries say; it is the one that Deep Java Library's Java was made for. */
  private static final String TENSORFLOW = "2.16.2";

  private final TensorflowRuntime runtime;
  private final boolean allowed;

  @Inject
  SavedModelEngine(TensorflowConfig config) {
    this(config.libraryDir(), config.enabled());
  }

  /**
   * An engine that starts TensorFlow with its first model.
   *
   * @param folder where TensorFlow is unpacked to
   * @param allowed whether models that bear code are served at all
   */
  public SavedModelEngine(Path folder, boolean allowed) {
    this.runtime = new TensorflowRuntime(folder.toAbsolutePath());
    this.allowed = allowed;
  }

  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public Optional<String> recognise(Path folder) {
    return SavedModels.in(folder).isEmpty()
        ? Optional.empty()
        : Optional.of("tensorflow-saved-model");
  }

  @Override
  public void prepare() {
    try {
      if (allowed) {
        runtime.require();
      }
    } catch (ModelLoadException notHere) {
      // Whoever loads a model is told why.
    }
  }

  @Override
  public LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException {
    if (!allowed) {
      throw new ModelLoadException("SavedModels are not served here: their graphs can read and"
          + " write files, and this gateway has slipway.serving.tensorflow.enabled=false; export"
          + " the model with tf2onnx");
    }
    Path exported = SavedModels.require(folder);
    SavedModelFile file = SavedModelFile.read(exported);
    runtime.require();
    Model model = Model.newInstance("savedmodel", Device.cpu(), "TensorFlow");
    try {
      model.load(
          exported,
          null,
          Map.of(
              "Tags",
              "serve",
              "SignatureDefKey",
              file.key(),
              "ConfigProto",
              threads(settings.intraOpThreads(), settings.interOpThreads())));
      var loaded = new SavedModel(model, file.signature(), metadata(file, folder, exported));
      loaded.tryOnce();
      return loaded;
    } catch (ModelLoadException e) {
      model.close();
      throw e;
    } catch (Exception e) {
      model.close();
      // What TensorFlow says carries paths of this machine.
      throw new ModelLoadException(
          "the SavedModel cannot be loaded by TensorFlow " + TENSORFLOW
              + "; are its variables complete, and its operators of that release?",
          e);
    }
  }

  private Map<String, Object> metadata(SavedModelFile file, Path folder, Path exported) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("engine", name());
    facts.put("format", "tensorflow-saved-model");
    facts.put("file", folder.relativize(exported.resolve(SavedModelFile.NAME)).toString());
    facts.put("signature_key", file.key());
    facts.put("code_bearing", true);
    facts.put("runtime", "TensorFlow " + TENSORFLOW);
    return facts;
  }

  /**
   * A {@code ConfigProto} (config.proto) of {@code intra_op_parallelism_threads} and {@code inter_op_parallelism_threads}: one each unless set, for
   * requests run beside each other.
   */
  private static String threads(Integer intraOp, Integer interOp) {
    byte[] config = {0x10, number(intraOp), 0x28, number(interOp)};
    return Base64.getEncoder().encodeToString(config);
  }

  private static byte number(Integer threads) {
    return (byte) Math.clamp(threads == null ? 1 : threads, 0, Byte.MAX_VALUE);
  }
}
