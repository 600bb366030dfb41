/** What both services know of MLflow. Its calls and forms are in each service's own dialect. */
package dev.slipway.common.mlflow;
