package io.intermodal.tests.engine;

import io.intermodal.tests.cri.Cri;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
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
    EngineKind[] kinds = context.getRequiredTestClass().getAnnotation(EndToEnd.class).value();
    return engines.of(kinds).stream().map(OnEngine::new);
  }

  /** One engine's turn. */
  record OnEngine(Engine engine) implements ClassTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return engine.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Arguments(engine), new Eligibility(engine));
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

  /** Skips what the engine is known to do otherwise. */
  record Eligibility(Engine engine) implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context
          .getTestMethod()
          .flatMap(this::objection)
          .map(ConditionEvaluationResult::disabled)
          .orElseGet(() -> ConditionEvaluationResult.enabled("it is eligible"));
    }

    private Optional<String> objection(Method test) {
      if (engine.kinds().contains(EngineKind.TRANSLATED)) {
        return Optional.empty();
      }
      if (engine.kinds().contains(EngineKind.TRANSLATED_RKT)) {
        return Optional.ofNullable(test.getAnnotation(NotOnRkt.class))
            .map(reason -> "rkt " + reason.value());
      }
      if (engine.direct() && test.isAnnotationPresent(Repaired.class)) {
        return Optional.of("what we mend on the way: the engine is asked directly");
      }
      if (engine.kinds().contains(EngineKind.FORWARDED_CRIO)
          && test.isAnnotationPresent(NotOnCrio.class)) {
        return Optional.of("CRI-O " + test.getAnnotation(NotOnCrio.class).value());
      }
      return Optional.ofNullable(test.getAnnotation(OnlyTranslated.class))
          .map(reason -> "the engine itself " + reason.value());
    }
  }
}
