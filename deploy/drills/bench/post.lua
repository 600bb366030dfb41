-- For wrk: posts the body in the file BODY_FILE as JSON; where JSON_LENGTH is set, so much of it is JSON, and binary tensors follow.
local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*all")
file:close()
local json = os.getenv("JSON_LENGTH")
wrk.headers["Content-Type"] = json and "application/octet-stream" or "application/json"
if json then
  wrk.headers["Inference-Header-Content-Length"] = json
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %.3f %.3f %d\n", summary.requests, summary.duration, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
