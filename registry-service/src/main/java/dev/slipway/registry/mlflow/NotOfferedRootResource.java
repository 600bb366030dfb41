package dev.slipway.registry.mlflow;

import jakarta.ws.rs.Path;

/**
 * As {@link NotOfferedResource}, of what MLflow has elsewhere: the gateway's own calls, the jobs of its server, signing up. The
 * expression says where it begins: Quarkus searches the whole path for it, and would find {@code /models/payment-gateway}.
 */
@Path("/{area: (?<=^/)(?:gateway|signup|api/3[.]0/jobs)}")
@MlflowDialect
class NotOfferedRootResource extends NotOffered {}
