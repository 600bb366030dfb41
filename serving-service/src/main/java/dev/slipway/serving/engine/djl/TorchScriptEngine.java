package dev.slipway.serving.engine.djl;

import ai.djl.Device;
import ai.djl.Model;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** TorchScript files, by libtorch on the processor. */
@ApplicationScoped
public class TorchScriptEngine implements Engine {
  private final TorchRuntime runtime;
  private final boolean allowed;

  @Inject
  TorchScriptEngine(TorchConfig config) {
    this(config.libraryDir(), config.enabled());
  }

  /**
   * An engine that starts libtorch with its first model.
   *
   * @param folder where libtorch is unpacked to
   * @param allowed whether models that bear code are served at all
   */
  public TorchScriptEngine(Path folder, boolean allowed) {
    this.runtime = new TorchRuntime(folder.toAbsolutePath());
    this.allowed = allowed;
  }

  @Override
  public String name() {
    return "torchscript";
  }

  @Override
  public Optional<String> recognise(Path folder) {
    return TorchScriptFiles.in(folder).isEmpty() ? Optional.empty() : Optional.of(name());
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
      throw new ModelLoadException(
          "TorchScript is not served here: it carries code, and this gateway"
              + " has slipway.serving.torchscript.enabled=false; export the model to ONNX");
    }
    // First, for a slim package would else ask for a signature that it has no use for.
    runtime.require();
    Path file = TorchScriptFiles.require(folder);
    ModelSignature signature = TorchSignature.read(folder);
    String shown = folder.relativize(file).toString();
    Model model = Model.newInstance("torchscript", Device.cpu(), "PyTorch");
    try (InputStream in = Files.newInputStream(file)) {
      model.load(in, Map.of());
      var loaded = new TorchScriptModel(model, signature, metadata(shown));
      loaded.tryOnce();
      return loaded;
    } catch (ModelLoadException e) {
      model.close();
      throw e;
    } catch (Exception e) {
      model.close();
      // What libtorch says carries paths and traces of the machine that the model was made on.
      throw new ModelLoadException(
          shown + " cannot be loaded by libtorch " + TorchScriptModel.LIBTORCH
              + "; was it cut short, or saved by a newer release?",
          e);
    }
  }

  private Map<String, Object> metadata(String shown) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("engine", name());
    facts.put("format", "torchscript");
    facts.put("file", shown);
    facts.put("code_bearing", true);
    facts.put("runtime", "libtorch " + TorchScriptModel.LIBTORCH);
    return facts;
  }
}
