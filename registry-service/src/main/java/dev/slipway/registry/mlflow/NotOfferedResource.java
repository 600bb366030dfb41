package dev.slipway.registry.mlflow;

import jakarta.ws.rs.Path;

/**
 * What MLflow has and this registry has not: traces, assessments, evaluation datasets, scorers, labelling, the LLM gateway, prompt
 * optimisation, workspaces, users and roles.
 */
@Path(
    "/api/{version: [23][.]0}/mlflow/{area: traces|assessments|datasets|scorers|scorer|label-schemas|review-queues|issues"
        + "|gateway-proxy|gateway|prompt-optimization|mcp-servers|skills|jobs|genai|demo|assistant|workspaces|users|roles"
        + "|get-trace-artifact|get-online-trace-details|unified-traces|ui-telemetry}")
@MlflowDialect
class NotOfferedResource extends NotOffered {}
