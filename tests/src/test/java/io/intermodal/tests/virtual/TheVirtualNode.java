package io.intermodal.tests.virtual;

import io.intermodal.tests.cri.Cri;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Boots the node that the tests of a run share, when the first one asks. */
final class TheVirtualNode implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(TheVirtualNode.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return VirtualNode.objection()
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("qemu is here"));
  }

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(
      ExtensionContext rootContext) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cri.class || type == ServedNode.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ServedNode node =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Shared.class, _ -> new Shared(), Shared.class)
            .node();
    if (parameter.getParameter().getType() == ServedNode.class) {
      return node;
    }
    return context.getStore(NAMESPACE).computeIfAbsent(Cri.class, _ -> node.session(), Cri.class);
  }

  /** A boot that failed is not tried again. */
  static final class Shared implements AutoCloseable {
    private @Nullable ServedNode node;
    private @Nullable RuntimeException failure;

    synchronized ServedNode node() {
      if (failure != null) {
        throw failure;
      }
      ServedNode booted = node;
      if (booted == null) {
        try {
          booted = ServedNode.start();
          node = booted;
        } catch (RuntimeException e) {
          failure = e;
          throw e;
        }
      }
      return booted;
    }

    @Override
    public synchronized void close() {
      if (node != null) {
        node.close();
      }
    }
  }
}
