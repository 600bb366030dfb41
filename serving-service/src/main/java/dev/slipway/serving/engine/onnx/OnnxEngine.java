package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.onnx.ProtoReader.MalformedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ONNX Runtime. Models are loaded by path, so external data stays in files of its own; it must lie inside the version's
 * folder. Custom operator libraries are never loaded: they are code.
 *
 * <p>A file of ONNX Runtime's own format cannot name another file (ort.fbs: a tensor holds its data, or an offset into data that only a
 * training checkpoint brings), so there is nothing to check in it. It is told by its identifier, for a graph of the other format under
 * that name could.
 */
@ApplicationScoped
public class OnnxEngine implements Engine {
  private final RunWatch watch = new RunWatch();

  /** Loads the native library while the process starts, which else the first model waits for: most gateways serve ONNX. */
  public static void prepareEarly() {
    Thread.ofPlatform().daemon().name("onnx-runtime-early").start(OnnxRuntimeAccess::get);
  }

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public Optional<String> recognise(Path folder) {
    return OnnxFiles.format(folder);
  }

  @Override
  public void prepare() {
    OnnxRuntimeAccess.get();
  }

  @Override
  public LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException {
    Path file = OnnxFiles.modelFile(folder);
    String shown = folder.relativize(file).toString();
    OnnxGraph graph = graph(file, shown);
    long bytes = ExternalData.check(folder, file, graph) + size(file);
    OnnxRuntimeAccess runtime = OnnxRuntimeAccess.get();
    OrtSession session = null;
    try (OrtSession.SessionOptions options = SessionTuning.options(settings, bytes)) {
      List<String> providers = ExecutionProviders.register(
          options,
          settings.sessionOptions().executionProviders(),
          OrtEnvironment.getAvailableProviders());
      session = runtime.environment().createSession(file.toString(), options);
      OnnxIo io = new OnnxIoReader(graph, runtime).read(session);
      Map<String, Object> metadata = metadata(session, graph, shown);
      metadata.put("execution_providers", providers);
      return new OnnxModel(runtime, session, watch, io, metadata);
    } catch (OrtException e) {
      close(session);
      throw OnnxErrors.load(e, shown);
    } catch (ModelLoadException | RuntimeException e) {
      close(session);
      throw e;
    }
  }

  private static OnnxGraph graph(Path file, String shown) throws ModelLoadException {
    if (shown.endsWith(".ort")) {
      if (!OnnxFiles.isOrt(file)) {
        throw new ModelLoadException(shown + " is not of ONNX Runtime's own format");
      }
      return OnnxGraph.none();
    }
    try {
      return OnnxGraph.read(file);
    } catch (MalformedException e) {
      throw new ModelLoadException(shown + " is not a readable ONNX file; was it cut short?", e);
    } catch (IOException e) {
      throw new ModelLoadException(shown + " could not be read", e);
    }
  }

  private static long size(Path file) throws ModelLoadException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new ModelLoadException("the model file could not be read", e);
    }
  }

  private Map<String, Object> metadata(OrtSession session, OnnxGraph graph, String shown)
      throws OrtException {
    OnnxModelMetadata model = session.getMetadata();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("engine", name());
    facts.put("format", shown.endsWith(".ort") ? "ort" : "onnx");
    facts.put("file", shown);
    facts.put("producer", model.getProducerName());
    facts.put("graph", model.getGraphName());
    facts.put("domain", model.getDomain());
    facts.put("description", model.getDescription());
    facts.put("model_version", model.getVersion());
    facts.put("custom", model.getCustomMetadata());
    if (!graph.opsets().isEmpty()) {
      facts.put("ir_version", graph.irVersion());
      facts.put("opset", graph.opsets());
      facts.putAll(graph.operators().facts());
    }
    return facts;
  }

  private static void close(OrtSession session) throws ModelLoadException {
    if (session != null) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new ModelLoadException("a session that failed to load could not be closed", e);
      }
    }
  }
}
