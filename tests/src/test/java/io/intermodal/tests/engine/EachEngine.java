package io.intermodal.tests.engine;

import io.intermodal.tests.cri.Cri;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs a class once for each engine and gives its tests what they ask for. */
final class EachEngine implements ClassTemplateInvocationContextProvider {
  private static final Namespace NAMESPACE = Namespace.create(EachEngine.class);

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<OnEngine> provideClassTemplateInvocationContexts(ExtensionContext context) {
    Engines engines =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Engines.class, _ -> Engines.ofThisHost(), Engines.class);
    return engines.all().stream().map(OnEngine::new);
  }

  /** One engine's turn. */
  record OnEngine(Engine engine) implements ClassTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return engine.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Arguments(engine));
    }
  }

  /** What tests may ask for. */
  record Arguments(Engine engine) implements ParameterResolver {
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(
        ExtensionContext rootContext) {
      return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Cri.class || type == Node.class || type == Engine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      if (type == Engine.class) {
        return engine;
      }
      if (type == Node.class) {
        return engine.node();
      }
      return context
          .getStore(NAMESPACE)
          .computeIfAbsent(Cri.class, _ -> engine.node().session(), Cri.class);
    }
  }
}
