"""The same REST calls of MLflow's API against several servers, operation by operation in turn.

    registry_bench.py --target NAME=URL --target NAME=URL [--runs 10000] [--json FILE]

It fills each server alike (runs with metrics, parameters and tags; models; versions in stages), then drives each operation in a closed
loop over kept-alive connections. One round asks every server one after the other, so that what the machine does meanwhile befalls all
of them; the figures are medians over the rounds. Before the first round every operation of every server is driven until it gets no
faster: a Java server compiles its code while it works, and another one fills its caches. The last column is the rate of the first
server over that of the other one. Exit code 1 when an answer was not 2xx. The client is a selector loop in a
process of its own: at well over 10,000 requests a second the figures say more of the client than of the server. Only the standard library.
"""
import argparse
import concurrent.futures
import http.client
import json
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import threading
import time
import urllib.parse

API = "/api/2.0/mlflow"
FILLERS = 8
LOOK = 1.5  # seconds
WRITTEN = 100  # runs


class Target:
    def __init__(self, name, url):
        parts = urllib.parse.urlsplit(url)
        self.name, self.host, self.port = name, parts.hostname, parts.port or 80
        self.local = threading.local()

    def raw(self, method, path, body=None):
        head = f"{method} {API}{path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: */*\r\n"
        data = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        return (head + "\r\n").encode() + data

    def call(self, path, body):
        """One POST of the filling, on a connection of the calling thread."""
        if not hasattr(self.local, "http"):
            self.local.http = http.client.HTTPConnection(self.host, self.port, timeout=120)
            self.local.http.connect()
            self.local.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.local.http.request("POST", API + path, json.dumps(body), {"Content-Type": "application/json"})
        answer = self.local.http.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.name}: {path} answered {answer.status}: {text[:300]!r}")
        return json.loads(text)


class Connection:
    """One request in flight at a time."""

    def __init__(self, target):
        self.socket = socket.create_connection((target.host, target.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.buffer, self.end, self.chunked, self.status = b"", None, False, 0
        self.since = time.perf_counter()
        self.socket.sendall(data)

    def complete(self):
        """Reads once; whether the whole answer is there. An answer cut off counts as status 0."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise ConnectionError("closed")
        self.buffer += got
        if self.end is None and not self.chunked:
            i = self.buffer.find(b"\r\n\r\n")
            if i < 0:
                return False
            head = self.buffer[:i].lower()
            self.status = int(head[9:12])
            length = head.find(b"content-length:")
            self.chunked = b"transfer-encoding: chunked" in head
            self.end = i + 4 + (int(head[length + 15 :].split(b"\r\n", 1)[0]) if length >= 0 else 0)
        return self.buffer.endswith(b"0\r\n\r\n") if self.chunked else len(self.buffer) >= self.end


def drive(target, make, connections, warm_up, seconds, first, results):
    selector = selectors.DefaultSelector()
    numbers = iter(range(first, first + (1 << 40)))

    def connect():
        connection = Connection(target)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(make(next(numbers)))

    for _ in range(connections):
        connect()
    begin = time.perf_counter() + warm_up
    stop = begin + seconds
    latencies, bad = [], 0
    while (now := time.perf_counter()) < stop:
        for key, _ in selector.select(timeout=stop - now):
            connection = key.data
            try:
                if not connection.complete():
                    continue
            except OSError:
                connection.status = 0
            if begin <= (now := time.perf_counter()) < stop:
                latencies.append(now - connection.since)
                bad += not 200 <= connection.status < 300
            if connection.status == 0:
                selector.unregister(connection.socket)
                connection.socket.close()
                connect()
            else:
                connection.send(make(next(numbers)))
    latencies.sort()
    at = lambda share: latencies[int(len(latencies) * share)] * 1000 if latencies else float("nan")
    results.put({"rate": len(latencies) / seconds, "p50": at(0.5), "p99": at(0.99), "bad": bad})


def measure(*arguments):
    results = multiprocessing.Queue()
    process = multiprocessing.Process(target=drive, args=(*arguments, results))
    process.start()
    figures = results.get()
    process.join()
    return figures


def warm(target, make, connections, longest, first):
    """Drives an operation until two looks in a row are no more than a tenth faster than the best before, or for so many seconds."""
    best, level, until = 0, 0, time.monotonic() + longest
    while level < 2 and time.monotonic() < until:
        first += 1 << 20
        rate = measure(target, make, connections, 0, LOOK, first)["rate"]
        level = level + 1 if rate <= best * 1.1 else 0
        best = max(best, rate)


def pairs(prefix, values):
    return [{"key": f"{prefix}{k}", "value": value} for k, value in enumerate(values)]


def fill(target, options):
    tag = f"bench-{os.getpid()}"
    now = int(time.time() * 1000)
    experiment, written = (target.call("/experiments/create", {"name": tag + of})["experiment_id"] for of in ("", "-written"))

    def create(into, i):
        created = target.call("/runs/create", {"experiment_id": into, "start_time": now + i, "run_name": f"r{i}"})
        return created["run"]["info"]["run_id"]

    def run(i):
        run_id = create(experiment, i)
        metrics = [{**m, "timestamp": now, "step": 0} for m in pairs("m", [(i * 7 + k) % 100 / 100 for k in range(5)])]
        texts = [str(i % (k + 2)) for k in range(5)]
        target.call("/runs/log-batch", {"run_id": run_id, "metrics": metrics, "params": pairs("p", texts), "tags": pairs("t", texts)})
        return run_id

    with concurrent.futures.ThreadPoolExecutor(FILLERS) as pool:
        runs = list(pool.map(run, range(options.runs)))
        # What is written while others are measured must not grow what those read.
        targets = list(pool.map(lambda i: create(written, i), range(WRITTEN)))
    # mlflow server has closed this thread's connection by now: it was idle for longer than five seconds.
    target.local = threading.local()
    for i in range(options.models):
        target.call("/registered-models/create", {"name": f"{tag}-{i}", "tags": [{"key": "team", "value": str(i % 7)}]})
    name, growing = f"{tag}-main", f"{tag}-growing"
    target.call("/registered-models/create", {"name": name})
    target.call("/registered-models/create", {"name": growing})
    target.call("/registered-models/create", {"name": f"{tag}-many"})
    for version in range(1, options.many_versions + 1):
        target.call("/model-versions/create", {"name": f"{tag}-many", "source": f"s3://bench/{version}"})
    for version in range(1, options.versions + 1):
        target.call("/model-versions/create", {"name": name, "source": f"s3://bench/{version}", "run_id": runs[0]})
        stage = ("None", "Staging", "Production", "Archived")[version % 4]
        if stage != "None":
            target.call("/model-versions/transition-stage", {"name": name, "version": str(version), "stage": stage})
    return {"experiment": experiment, "runs": runs, "written": written, "targets": targets, "name": name, "growing": growing, "many": f"{tag}-many", "now": now}


def operations(target, filled):
    query = urllib.parse.urlencode

    def always(*request):
        raw = target.raw(*request)
        return lambda n: raw

    name, runs, targets = filled["name"], filled["runs"], filled["targets"]
    yield "registered-models/get", always("GET", "/registered-models/get?" + query({"name": name}))
    yield "registered-models/get of many versions", always("GET", "/registered-models/get?" + query({"name": filled["many"]}))
    yield "model-versions/get", always("GET", "/model-versions/get?" + query({"name": name, "version": "2"}))
    yield "get-latest-versions", always("POST", "/registered-models/get-latest-versions", {"name": name, "stages": ["Production"]})
    yield "model-versions/search", always("GET", "/model-versions/search?" + query({"filter": f"name='{name}'"}))
    yield "runs/get", always("GET", "/runs/get?" + query({"run_id": runs[0]}))
    yield f"runs/search over {len(runs)}", always("POST", "/runs/search", {
        "experiment_ids": [filled["experiment"]], "filter": "metrics.m0 > 0.3 and params.p0 = '1'",
        "max_results": 100, "order_by": ["metrics.m1 DESC"]})

    yield "log-metric", lambda n: target.raw("POST", "/runs/log-metric", {
        "run_id": targets[n % WRITTEN], "key": "one", "value": n, "timestamp": filled["now"], "step": n})

    def log_batch(n):
        metrics = [{"key": f"b{k}", "value": k + 0.5, "timestamp": filled["now"], "step": n} for k in range(100)]
        return target.raw("POST", "/runs/log-batch", {"run_id": targets[n % WRITTEN], "metrics": metrics})

    yield "log-batch of 100 metrics", log_batch
    yield "runs/create", lambda n: target.raw("POST", "/runs/create", {
        "experiment_id": filled["written"], "start_time": filled["now"], "run_name": f"c{n}"})
    yield "model-versions/create", lambda n: target.raw("POST", "/model-versions/create", {
        "name": filled["growing"], "source": f"s3://bench/growing/{n}"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", action="append", required=True, help="NAME=URL; repeatable, ours first")
    parser.add_argument("--connections", default="1,16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--warm-up", type=float, default=20, help="seconds at most, for each operation of each server; 0 for none")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--models", type=int, default=200)
    parser.add_argument("--versions", type=int, default=20)
    parser.add_argument("--many-versions", type=int, default=300)
    options = parser.parse_args()
    multiprocessing.set_start_method("fork")
    targets = [Target(*named.split("=", 1)) for named in options.target]
    plans = []
    for target in targets:
        since = time.monotonic()
        filled = fill(target, options)
        print(f"{target.name}: {options.runs} runs, {options.models} models filled in in {time.monotonic() - since:.0f} s", flush=True)
        plans.append(list(operations(target, filled)))
    most = max(map(int, options.connections.split(",")))
    first = 1 << 40
    for target, plan in zip(targets, plans):
        since = time.monotonic()
        for _, make in plan:
            first += 1 << 24
            warm(target, make, most, options.warm_up, first)
        print(f"{target.name}: warm after {time.monotonic() - since:.0f} s", flush=True)
    print(f"\nmedians of {options.rounds} rounds of {options.seconds:g} s in turn, load average {os.getloadavg()[0]:.1f} at the start\n")
    print("| operation | connections | server | requests/s | p50 ms | p99 ms | times |\n|---|---|---|---|---|---|---|", flush=True)
    bad, first = 0, 0
    for which in range(len(plans[0])):
        for connections in map(int, options.connections.split(",")):
            rounds = [[] for _ in targets]
            for _ in range(options.rounds):
                for i, target in enumerate(targets):
                    first += 1 << 24
                    rounds[i].append(measure(target, plans[i][which][1], connections, 0.5, options.seconds, first))
            bad += sum(figures["bad"] for figures_of in rounds for figures in figures_of)
            median = [{key: statistics.median(f[key] for f in figures_of) for key in ("rate", "p50", "p99")} for figures_of in rounds]
            for target, m in zip(targets, median):
                times = f"{median[0]['rate'] / m['rate']:.1f}" if target is not targets[0] and m["rate"] else ""
                print(f"| {plans[0][which][0]} | {connections} | {target.name} | {m['rate']:.0f} | {m['p50']:.2f} | {m['p99']:.2f} | {times} |", flush=True)
    print(f"\nanswers that were not 2xx: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
