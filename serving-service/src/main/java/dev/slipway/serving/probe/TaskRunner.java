package dev.slipway.serving.probe;

import dev.slipway.common.job.JobResult;

/** Does what a job asks for, with files that are there. */
@FunctionalInterface
interface TaskRunner {

  /** Always an answer, without the replica's name: FAILED when it is the job that broke, so that it may be tried again. */
  JobResult run(ProbeTask task) throws InterruptedException;

  /** Called now and then when there is nothing to do. */
  default void rest() {}
}
