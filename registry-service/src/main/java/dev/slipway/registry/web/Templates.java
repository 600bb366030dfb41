package dev.slipway.registry.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates, checked against the views at build time. */
@CheckedTemplate(basePath = "web")
class Templates {
  private Templates() {}

  static native TemplateInstance refused(Shell shell, ErrorView view);

  static native TemplateInstance models(Shell shell, ModelsView view);

  static native TemplateInstance model(Shell shell, ModelBoard view);

  static native TemplateInstance policy(Shell shell, PolicyView view);

  static native TemplateInstance policies(Shell shell, PoliciesView view);

  static native TemplateInstance policygroup(Shell shell, PolicyCard card);

  static native TemplateInstance version(Shell shell, VersionCard view);

  static native TemplateInstance requests(Shell shell, QueueView view);

  static native TemplateInstance request(Shell shell, RequestSheet view);

  static native TemplateInstance gateways(Shell shell, GatewaysView view);

  static native TemplateInstance audit(Shell shell, AuditView view);

  static native TemplateInstance experiments(Shell shell, ExperimentsView view);

  static native TemplateInstance runs(Shell shell, RunsTable view);

  static native TemplateInstance run(Shell shell, RunSheet view);

  static native TemplateInstance file(Shell shell, FileView view);

  static native TemplateInstance compare(Shell shell, Comparison view);

  static native TemplateInstance signin(Shell shell, SignInView view);
}
